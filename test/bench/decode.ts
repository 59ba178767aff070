import type { NativeContext } from '../../native/tap.d.ts';
import type { LoadedModel } from '../../src/engine/process/loadedModel.js';
import { randomTokens } from './benchModel.js';

const PROMPT = 32;

/** Prefills n lanes with a text of their own and times `steps` steps of one sampled token a lane. */
export async function decodeLanes(
  model: LoadedModel,
  context: NativeContext,
  lanes: readonly number[],
  steps: number,
  steered: boolean,
): Promise<number> {
  context.clear();
  let next = new Int32Array(lanes.length);
  for (const [i, lane] of lanes.entries()) {
    context.setSampler(lane, { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: lane });
    const tokens = randomTokens(model, PROMPT, lane);
    const { sampled } = await context.decode({
      tokens,
      positions: Int32Array.from(tokens.keys()),
      sequences: new Int32Array(2 * PROMPT).map((_, j) => (j % 2 === 0 ? lane : -1)),
      outputs: new Uint8Array(PROMPT).map((_, j) => (j === PROMPT - 1 ? 1 : 0)),
      samplers: new Int16Array(PROMPT).map((_, j) => (j === PROMPT - 1 ? lane : -1)),
      ...(steered && { plans: new Int16Array(PROMPT).fill(lane) }),
    });
    next[i] = sampled[0]!;
  }
  const sequences = new Int32Array(2 * lanes.length).map((_, j) => (j % 2 === 0 ? lanes[j / 2]! : -1));
  const slots = Int16Array.from(lanes);
  const outputs = new Uint8Array(lanes.length).fill(1);
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const { sampled } = await context.decode({
      tokens: next,
      positions: new Int32Array(lanes.length).fill(PROMPT + step),
      sequences,
      outputs,
      samplers: slots,
      ...(steered && { plans: slots }),
    });
    next = sampled as Int32Array<ArrayBuffer>;
  }
  return performance.now() - started;
}
