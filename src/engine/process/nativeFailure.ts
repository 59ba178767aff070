import type { TapError } from '../../../native/tap.d.ts';
import { HumanError, type Reason } from '../../core/humanError.js';
import { printable } from './gguf/printable.js';

const WORDS: Record<TapError['code'], { reason: Reason; next: string }> = {
  'library-missing': { reason: 'engine-missing', next: 'Install the extension package made for this platform.' },
  'version-mismatch': { reason: 'engine-missing', next: 'Build the tap again with "node native/build.mjs".' },
  'symbol-missing': { reason: 'engine-missing', next: 'Build the tap again with "node native/build.mjs".' },
  'load-failed': {
    reason: 'model-load-failed',
    next: 'The file may be incomplete or made for a newer llama.cpp: download it again, or choose another model.',
  },
  'context-failed': {
    reason: 'out-of-memory',
    next: 'Choose a smaller context size, close other programs, or take a smaller model.',
  },
  busy: { reason: 'engine-failed', next: 'This is a fault of SteerMoE: please report it with the engine log.' },
  internal: { reason: 'engine-failed', next: 'This is a fault of SteerMoE: please report it with the engine log.' },
  'bad-argument': {
    reason: 'engine-failed',
    next: 'This is a fault of SteerMoE: please report it with the engine log.',
  },
  'cache-full': { reason: 'conversation-too-long', next: 'Shorten the conversation, or set a larger context size.' },
  aborted: { reason: 'cancelled', next: 'Start it again when you like.' },
  'tap-mismatch': {
    reason: 'model-unsupported',
    next: 'Choose a model of another family, for instance OLMoE or Qwen3-MoE.',
  },
  'decode-failed': { reason: 'engine-failed', next: 'See the engine log; a smaller context size may help.' },
  freed: { reason: 'cancelled', next: 'Load the model again.' },
};

/** A failure of the addon as words for people. Other HumanErrors pass as they are. */
export function nativeFailure(error: unknown, what: string): HumanError {
  if (error instanceof HumanError) return error;
  // llama.cpp quotes what it finds in a file.
  const why = printable((error instanceof Error ? error.message : String(error)).trim(), 500);
  const code = (error as Partial<TapError>).code;
  const { reason, next } = (code && WORDS[code]) ?? WORDS['decode-failed'];
  return new HumanError(reason, `${what}: ${why}`, next, { cause: error });
}
