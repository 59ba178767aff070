import type { NativeContext } from '../../native/tap.d.ts';
import type { LoadedModel } from '../../src/engine/process/loadedModel.js';
import { randomTokens } from './benchModel.js';

const PROMPT = 32;

/** Lanes that answer together in a context of their own: each step is one llama_decode and a sampled token a lane. */
export class LaneDecoding {
  private next = new Int32Array();
  private position = PROMPT;

  constructor(
    private readonly model: LoadedModel,
    private readonly context: NativeContext,
    /** How many lanes: sequences, samplers and plan slots 0 to lanes - 1 of the context. */
    private readonly lanes: number,
    private readonly steered: boolean,
  ) {}

  /** Empties the context and reads a prompt of its own into each lane. */
  async begin(): Promise<void> {
    this.context.clear();
    this.position = PROMPT;
    this.next = new Int32Array(this.lanes);
    for (let lane = 0; lane < this.lanes; lane++) {
      this.context.setSampler(lane, { temperature: 0.8, topK: 40, topP: 0.95, minP: 0.05, seed: lane });
      const tokens = randomTokens(this.model, PROMPT, lane);
      const { sampled } = await this.context.decode({
        tokens,
        positions: Int32Array.from(tokens.keys()),
        sequences: sequencesOf(new Array<number>(PROMPT).fill(lane)),
        outputs: new Uint8Array(PROMPT).fill(1, PROMPT - 1),
        samplers: new Int16Array(PROMPT).fill(-1).fill(lane, PROMPT - 1),
        ...(this.steered && { plans: new Int16Array(PROMPT).fill(lane) }),
      });
      this.next[lane] = sampled[0]!;
    }
  }

  /** One token for each lane; milliseconds. */
  async step(): Promise<number> {
    const slots = Int16Array.from({ length: this.lanes }, (_, lane) => lane);
    const batch = {
      tokens: this.next,
      positions: new Int32Array(this.lanes).fill(this.position++),
      sequences: sequencesOf([...slots]),
      outputs: new Uint8Array(this.lanes).fill(1),
      samplers: slots,
      ...(this.steered && { plans: slots }),
    };
    const started = performance.now();
    const { sampled } = await this.context.decode(batch);
    const time = performance.now() - started;
    this.next = Int32Array.from(sampled);
    return time;
  }
}

/** Each column in one sequence. */
function sequencesOf(lanes: readonly number[]): Int32Array {
  return Int32Array.from(lanes.flatMap((lane) => [lane, -1]));
}
