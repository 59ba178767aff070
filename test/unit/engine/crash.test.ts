import { expect, it } from 'vitest';
import { crashError } from '../../../src/engine/crash.js';

it('names what was being done, the likely cause and a next step', () => {
  const error = crashError({ code: null, signal: 'SIGKILL', lastWords: '' }, 'detecting experts');
  expect(error.reason).toBe('engine-crashed');
  expect(error.message).toBe(
    'The engine stopped while detecting experts: it was killed (SIGKILL), most often because memory ran out.',
  );
  expect(error.next).toMatch(/smaller model or context size/);
});

it('quotes the last words of the process', () => {
  const error = crashError({ code: null, signal: 'SIGABRT', lastWords: 'GGML_ASSERT(x) failed' }, 'writing an answer');
  expect(error.message).toContain('GGML_ASSERT(x) failed');
});

it('has a sentence for every way to end', () => {
  for (const signal of ['SIGILL', 'SIGSEGV', 'SIGBUS', 'SIGTERM', null] as const) {
    const { message, next } = crashError({ code: 3, signal, lastWords: '' }, 'loading m.gguf');
    expect(message).toMatch(/^The engine stopped while loading m\.gguf: [a-z].*\.$/);
    expect(next).not.toBe('');
  }
});
