import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { HumanError } from '../../src/core/humanError.js';
import type { EngineClient } from '../../src/engine/client.js';
import { inspect } from '../../src/engine/process/inspect.js';
import { type Corrupted, corruption, WAY_COUNT } from '../fixtures/corruptions.js';
import { type Layout, layoutOf } from '../fixtures/gguf/layout.js';
import { partName } from '../fixtures/gguf/split.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { deepseek, olmoe, qwen3moe, qwen3moeTied } from '../fixtures/models/presets.js';
import type { ModelSpec } from '../fixtures/models/spec.js';
import { splitCorruption } from '../fixtures/splitCorruptions.js';
import { ask, DEMO_MODEL, startEngine } from './engineUnderTest.js';
import { start } from './steermoeProcess.js';

/** Both kinds of vocabulary, all storage types of the generator, shared experts and a dense layer. */
const SPECS: ModelSpec[] = [
  qwen3moe(),
  qwen3moeTied(),
  olmoe({ weights: 'F16' }),
  deepseek(),
  qwen3moe({ weights: 'Q8_0', layers: 2 }),
];
const ONE_FILE = 900;
const SPLIT = 100;
const PARTS = 3;
/** Longest that any of them may take, from the request to its answer. */
const PATIENCE_MS = 10_000;
/** What the pre-check cannot foresee ends the engine; it has to stay rare. */
const MOST_CRASHES = 5;

let folder: string;
let layouts: Layout[];
let engine: EngineClient;
let crashes: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-'));
  const paths = [...(await Promise.all(SPECS.map(ensureModel))), DEMO_MODEL];
  layouts = await Promise.all(paths.map(async (path) => layoutOf(await readFile(path))));
  engine = startEngine();
  crashes = [];
});
afterAll(async () => {
  await engine.dispose();
  await rm(folder, { recursive: true });
});

/** What became of a file: refused before llama.cpp saw it, at loading, at answering, or answered. */
type Outcome = 'refused' | 'not loaded' | 'no answer' | 'answered';

async function outcome(path: string, what: string): Promise<Outcome> {
  const before = failure(() => inspect(path));
  if (before !== undefined) {
    expectSentence(before, what);
    expect(before.message, what).toContain(basename(path).slice(0, 5));
    return 'refused';
  }
  try {
    await engine.load({ path, threads: 1 });
  } catch (error) {
    await expectToldByEngine(error, what);
    return 'not loaded';
  }
  try {
    const [result] = await engine.generate([ask('How many apples?', { maxTokens: 3 })]);
    expect(result!.tokens, what).toBeLessThanOrEqual(3);
    return 'answered';
  } catch (error) {
    await expectToldByEngine(error, what);
    return 'no answer';
  }
}

function failure(work: () => unknown): HumanError | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    if (error instanceof HumanError) return error;
    throw error;
  }
}

function expectSentence(error: HumanError, what: string): void {
  expect(error.message, what).toMatch(/^\S[^\p{Cc}]{10,800}$/u);
  expect(error.next, what).toMatch(/^[A-Z].*\.$/);
}

/** A sentence, too; where the engine ended over it, the client goes on with another one. */
async function expectToldByEngine(error: unknown, what: string): Promise<void> {
  if (!(error instanceof HumanError)) throw error;
  if (error.reason !== 'engine-crashed') {
    expect(error.reason, what).toMatch(/^(model-|template-|conversation-|out-of-memory)/);
    expect(error.next, what).toMatch(/^[A-Z].*\.$/);
    return;
  }
  crashes.push(`${what} => ${error.message}`);
  expectSentence(error, what);
  expect(engine.pid, `${what}: started again by itself`).toBeUndefined();
  await engine.dispose();
  engine = startEngine();
}

/** Every way of breaking a file for one model, then for the next. */
function whole(number: number): Corrupted {
  return corruption(number, layouts[Math.floor(number / WAY_COUNT) % layouts.length]!);
}

async function timed(path: string, what: string): Promise<Outcome> {
  const begun = performance.now();
  const result = await outcome(path, what);
  expect(performance.now() - begun, what).toBeLessThan(PATIENCE_MS);
  return result;
}

it(`${ONE_FILE} corruptions of whole files are answered or refused in a sentence`, { timeout: 600_000 }, async () => {
  const outcomes: Outcome[] = [];
  const path = join(folder, 'model.gguf');
  for (let i = 0; i < ONE_FILE; i++) {
    const { what, bytes } = whole(i);
    await writeFile(path, bytes);
    outcomes.push(await timed(path, what));
  }
  // All of it was tried: most are found out before llama.cpp sees them, and some change nothing that matters.
  const count = (kind: Outcome): number => outcomes.filter((one) => one === kind).length;
  expect(count('refused')).toBeGreaterThan(ONE_FILE / 2);
  expect(count('not loaded')).toBeGreaterThan(10);
  expect(count('answered')).toBeGreaterThan(ONE_FILE / 10);
});

it(`${SPLIT} corruptions of split models are answered or refused in a sentence`, { timeout: 300_000 }, async () => {
  const outcomes: Outcome[] = [];
  for (let i = 0; i < SPLIT; i++) {
    const { what, parts } = splitCorruption(i, layouts[0]!, layouts[3]!, PARTS);
    const paths = parts.map((_, part) => join(folder, partName('parts', part, PARTS)));
    for (const [part, bytes] of parts.entries())
      await (bytes === undefined ? rm(paths[part]!, { force: true }) : writeFile(paths[part]!, bytes));
    outcomes.push(await timed(paths[0]!, what));
  }
  expect(outcomes.filter((one) => one === 'refused').length).toBeGreaterThan(SPLIT / 2);
  expect(outcomes).toContain('answered');
});

it('hardly any of them ends the engine', () => {
  expect(crashes.length, crashes.join('\n')).toBeLessThanOrEqual(MOST_CRASHES);
});

it('the command line refuses what the pre-check refuses, with exit code 1 and what to do', async () => {
  const path = join(folder, 'model.gguf');
  let refused = 0;
  for (let i = 0; refused < 12; i += 41) {
    const { what, bytes } = whole(i);
    await writeFile(path, bytes);
    const error = failure(() => inspect(path));
    if (error === undefined) continue;
    refused++;
    const { code, out, err } = await start(folder, ['info', path]).ended;
    expect(code, what).toBe(1);
    expect(out, what).toBe('');
    expect(err, what).toContain(error.message);
    expect(err, what).toContain(error.next);
    expect(err, what).not.toMatch(/\n\s+at /);
  }
});
