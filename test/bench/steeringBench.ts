import type { NativeContext } from '../../native/tap.d.ts';
import type { LoadedModel } from '../../src/engine/process/loadedModel.js';
import type { Figure } from './bench.js';
import { benchPlan, plainContext } from './benchModel.js';
import { LaneDecoding } from './decode.js';
import { pairedRatio, type PairedRatio } from './paired.js';

/** Pairs of single steps: what disturbs a shared machine for a moment spoils a few of them, not the median. */
const STEPS = 301;
const LANE_STEPS = 45;
const SIZE = { cells: 2048, batch: 64, outputs: 16, sequences: 16 };

/** Steered decoding against plain llama_decode, and lanes in one batch against the same lanes one after the other. */
export async function steeringBench(model: LoadedModel, shape: string, bounds: boolean): Promise<Figure[]> {
  const plain = [plainContext(model, SIZE), plainContext(model, SIZE)] as const;
  const tapped = [model.createContext(SIZE), model.createContext(SIZE)] as const;
  for (const context of tapped)
    for (let lane = 0; lane < SIZE.sequences; lane++) context.setPlan(lane, benchPlan(model));
  try {
    const figures = [
      await decodeFigure(model, `${shape}: steered decode / plain decode`, plain[0], tapped[0], true, bounds),
      await decodeFigure(
        model,
        `${shape}: unsteered lane under the tap / plain decode`,
        plain[0],
        tapped[0],
        false,
        false,
      ),
    ];
    for (const lanes of [2, 8, 16]) figures.push(await laneFigure(model, shape, plain, tapped, lanes));
    return figures;
  } finally {
    for (const context of [...plain, ...tapped]) context.free();
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
  const measured = await steps(
    new LaneDecoding(model, plain, 1, false),
    new LaneDecoding(model, tapped, 1, steered),
    STEPS,
  );
  const speed = (milliseconds: number): string => (1000 / milliseconds).toFixed(0);
  return {
    name,
    value: measured.ratio,
    unit: '',
    ...(bound && { bound: { at: 0.97, side: 'least' as const } }),
    detail: `${speed(measured.other)} against ${speed(measured.base)} tok/s; half of the pairs ${measured.lower.toFixed(2)} to ${measured.upper.toFixed(2)}`,
  };
}

/** Time of a step of n lanes over n times the time of a step of one: plain, then with steering and sampling on. */
async function laneFigure(
  model: LoadedModel,
  shape: string,
  plain: readonly [NativeContext, NativeContext],
  tapped: readonly [NativeContext, NativeContext],
  lanes: number,
): Promise<Figure> {
  const share = async ([one, all]: readonly [NativeContext, NativeContext], steered: boolean): Promise<number> => {
    const alone = new LaneDecoding(model, one, 1, steered);
    const together = new LaneDecoding(model, all, lanes, steered);
    const { ratio } = await steps(alone, together, LANE_STEPS, lanes);
    return 1 / ratio;
  };
  const plainShare = await share(plain, false);
  return {
    name: `${shape}: ${lanes} lanes in one batch, cost against one by one`,
    value: await share(tapped, true),
    unit: '',
    bound: { at: plainShare * 1.05, side: 'most' },
    detail: `plain llama_decode in the same run: ${plainShare.toFixed(2)}`,
  };
}

/** Steps of two decodings in turn; a step of the base counts `weight` times. */
async function steps(base: LaneDecoding, other: LaneDecoding, repeats: number, weight = 1): Promise<PairedRatio> {
  await base.begin();
  await other.begin();
  return pairedRatio(
    async () => (await base.step()) * weight,
    () => other.step(),
    repeats,
  );
}
