import type { NativeContext } from '../../native/tap.d.ts';
import type { LoadedModel } from '../../src/engine/process/loadedModel.js';
import type { Figure } from './bench.js';
import { benchPlan, plainContext } from './benchModel.js';
import { decodeLanes } from './decode.js';
import { pairedRatio } from './paired.js';

/** Short bursts and many of them: what disturbs a shared machine for a moment then spoils one pair, not the median. */
const STEPS = 24;
const REPEATS = 25;
const SIZE = { cells: 2048, batch: 64, outputs: 16, sequences: 16 };

/** Steered decoding against plain llama_decode, and lanes in one batch against the same lanes one after the other. */
export async function steeringBench(model: LoadedModel, shape: string, bounds: boolean): Promise<Figure[]> {
  const plain = plainContext(model, SIZE);
  const tapped = model.createContext(SIZE);
  for (let lane = 0; lane < SIZE.sequences; lane++) tapped.setPlan(lane, benchPlan(model));
  try {
    const figures = [
      await decodeFigure(model, `${shape}: steered decode / plain decode`, plain, tapped, true, bounds),
      await decodeFigure(model, `${shape}: unsteered lane under the tap / plain decode`, plain, tapped, false, false),
    ];
    for (const lanes of [2, 8, 16]) figures.push(...(await laneFigures(model, shape, plain, tapped, lanes)));
    return figures;
  } finally {
    plain.free();
    tapped.free();
  }
}

async function decodeFigure(
  model: LoadedModel,
  name: string,
  plain: NativeContext,
  tapped: NativeContext,
  steered: boolean,
  bound: boolean,
): Promise<Figure> {
  const measured = await pairedRatio(
    () => decodeLanes(model, plain, [0], STEPS, false),
    () => decodeLanes(model, tapped, [0], STEPS, steered),
    REPEATS,
  );
  const speed = (milliseconds: number): string => ((STEPS / milliseconds) * 1000).toFixed(1);
  return {
    name,
    value: measured.ratio,
    unit: '',
    ...(bound && { bound: { at: 0.97, side: 'least' as const } }),
    detail: `${speed(measured.other)} against ${speed(measured.base)} tok/s; pairs ${measured.low.toFixed(2)} to ${measured.high.toFixed(2)}`,
  };
}

/** Time of n lanes in one batch over n times the time of one lane: plain, then with steering and sampling on. */
async function laneFigures(
  model: LoadedModel,
  shape: string,
  plain: NativeContext,
  tapped: NativeContext,
  lanes: number,
): Promise<Figure[]> {
  const all = Array.from({ length: lanes }, (_, lane) => lane);
  const steps = Math.max(8, Math.round(STEPS / lanes));
  const share = async (context: NativeContext, steered: boolean): Promise<number> => {
    const measured = await pairedRatio(
      async () => {
        let sum = 0;
        for (const lane of all.slice(0, 4)) sum += await decodeLanes(model, context, [lane], steps, steered);
        return (sum / Math.min(4, lanes)) * lanes;
      },
      () => decodeLanes(model, context, all, steps, steered),
      7,
    );
    return 1 / measured.ratio;
  };
  const plainShare = await share(plain, false);
  const steeredShare = await share(tapped, true);
  return [
    {
      name: `${shape}: ${lanes} lanes in one batch, cost against one by one`,
      value: steeredShare,
      unit: '',
      bound: { at: plainShare * 1.05, side: 'most' },
      detail: `plain llama_decode in the same run: ${plainShare.toFixed(2)}`,
    },
  ];
}
