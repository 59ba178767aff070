import { SIDES, type Pair } from '../core/pairs/pair.js';

export interface DetectionProgress {
  /** Pairs that are counted, those of an earlier run included. */
  done: number;
  total: number;
  failed: number;
  /** Target tokens of this run a second; 0 before the first pair. */
  tokensPerSecond: number;
  /** Undefined before the first pair of this run. */
  secondsLeft: number | undefined;
}

/** How fast a detection is and how long it will take. Pairs weigh by their length: the time goes into tokens. */
export class DetectionPace {
  private readonly weights: number[];
  private weightLeft: number;
  private weightDone = 0;
  private tokens = 0;
  private counted = 0;
  private gone = 0;
  private started: number | undefined;

  constructor(
    pairs: readonly Pair[],
    private readonly now: () => number = () => performance.now(),
  ) {
    this.weights = pairs.map((pair) =>
      SIDES.flatMap((side) => pair[side].messages).reduce((sum, { content }) => sum + content.length, 1),
    );
    this.weightLeft = this.weights.reduce((sum, weight) => sum + weight, 0);
  }

  /** The clock starts here: what was done before came from an earlier run. */
  start(): void {
    this.started = this.now();
    this.weightDone = 0;
    this.tokens = 0;
  }

  done(index: number, tokens: number): void {
    this.counted++;
    this.tokens += tokens;
    this.pass(index);
  }

  failed(index: number): void {
    this.gone++;
    this.pass(index);
  }

  progress(): DetectionProgress {
    const seconds = this.started === undefined ? 0 : (this.now() - this.started) / 1000;
    const known = seconds > 0 && this.weightDone > 0;
    return {
      done: this.counted,
      total: this.weights.length,
      failed: this.gone,
      tokensPerSecond: known ? this.tokens / seconds : 0,
      secondsLeft: known ? (seconds / this.weightDone) * this.weightLeft : undefined,
    };
  }

  private pass(index: number): void {
    this.weightLeft -= this.weights[index]!;
    this.weightDone += this.weights[index]!;
  }
}
