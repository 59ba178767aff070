import type { Batch, NativeContext } from '../../native/tap.d.ts';
import type { LoadedModel } from '../../src/engine/process/loadedModel.js';
import { PairColumns } from '../../src/engine/process/pairColumns.js';
import type { Figure } from './bench.js';
import { plainContext, randomTokens } from './benchModel.js';
import { milliseconds, pairedRatio } from './paired.js';

const TOKENS = 256;
const SIZE = { cells: 2048, batch: 512, outputs: 128, sequences: 2 };
const SHARED = 64;
const REPEATS = 21;

/** Counting selections during prefill against plain prefill; pairs against one conversation at a time. */
export async function captureBench(model: LoadedModel, shape: string): Promise<Figure[]> {
  const plain = plainContext(model, SIZE);
  const tapped = model.createContext(SIZE);
  try {
    return [await captureFigure(model, shape, plain, tapped), ...(await pairFigures(model, shape, tapped))];
  } finally {
    plain.free();
    tapped.free();
  }
}

async function captureFigure(
  model: LoadedModel,
  shape: string,
  plain: NativeContext,
  tapped: NativeContext,
): Promise<Figure> {
  const batch: Batch = {
    tokens: randomTokens(model, TOKENS, 1),
    positions: new Int32Array(TOKENS).map((_, i) => i),
    sequences: new Int32Array(2 * TOKENS).map((_, i) => (i % 2 === 0 ? 0 : -1)),
    outputs: new Uint8Array(TOKENS).map((_, i) => (i === TOKENS - 1 ? 1 : 0)),
  };
  const counters = new Int32Array(2 * TOKENS).map((_, i) => (i % 2 === 0 ? 0 : -1));
  const time = (context: NativeContext, work: Batch) => async () => {
    context.clear();
    return milliseconds(() => context.decode(work));
  };
  const measured = await pairedRatio(
    time(plain, batch),
    time(tapped, { ...batch, counters, counterCount: 1 }),
    REPEATS,
  );
  return {
    name: `${shape}: prefill with every selection counted / plain prefill`,
    value: measured.ratio,
    unit: '',
    bound: { at: 0.95, side: 'least' },
    detail: `${((TOKENS / measured.other) * 1000).toFixed(0)} against ${((TOKENS / measured.base) * 1000).toFixed(0)} tok/s`,
  };
}

/** Pairs whose sides share half of their tokens, the other half being the target, as the engine detects them. */
async function pairFigures(model: LoadedModel, shape: string, context: NativeContext): Promise<Figure[]> {
  const prefix = randomTokens(model, SHARED, 2);
  const sides = [3, 4].map((seed) => Int32Array.from([...prefix, ...randomTokens(model, SHARED, seed)]));
  const [a, b] = sides.map((tokens) => ({ tokens, from: SHARED }));
  const columns = new PairColumns(a!, b!, 'batch');
  const run = async (steps: Batch[], routersOnly: boolean): Promise<void> => {
    context.clear();
    for (const batch of steps) await context.decode({ ...batch, counterCount: 2, routersOnly });
  };
  const pair = [...columns.steps(SIZE.batch, SIZE.outputs)].map((step) => step.batch);
  const single = sides.map((tokens): Batch => ({
    tokens,
    positions: new Int32Array(tokens.length).map((_, i) => i),
    sequences: new Int32Array(2 * tokens.length).map((_, i) => (i % 2 === 0 ? 0 : -1)),
    outputs: new Uint8Array(tokens.length).map((_, i) => (i >= SHARED ? 1 : 0)),
    counters: new Int32Array(2 * tokens.length).map((_, i) => (i % 2 === 0 && i >= 2 * SHARED ? 0 : -1)),
  }));
  const alone = async (routersOnly: boolean): Promise<void> => {
    for (const batch of single) await run([batch], routersOnly);
  };
  const whole = await pairedRatio(
    () => milliseconds(() => alone(false)),
    () => milliseconds(() => run(pair, true)),
    REPEATS,
  );
  const cut = await pairedRatio(
    () => milliseconds(() => alone(true)),
    () => milliseconds(() => run(pair, true)),
    REPEATS,
  );
  const tokens = columns.conversationTokens;
  const speed = (time: number): string => ((tokens / time) * 1000).toFixed(0);
  return [
    {
      name: `${shape}: detection on half-shared pairs / one conversation at a time`,
      value: whole.ratio,
      unit: '',
      bound: { at: 1.4, side: 'least' },
      detail: `${speed(whole.other)} against ${speed(whole.base)} tok/s of conversation`,
    },
    {
      name: `${shape}: of it by the shared prefix alone`,
      value: cut.ratio,
      unit: '',
      detail: 'the rest comes from skipping what follows the last router',
    },
  ];
}
