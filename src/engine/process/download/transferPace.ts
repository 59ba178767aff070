/** The pace of the last seconds counts: a line that gets slower says so soon, and what an earlier run brought is no pace. */
const WINDOW = 10_000;
/** Milliseconds of which nothing is told yet, and between what is kept. */
const LEAST = 500;
const STEP = 100;

/** How fast bytes come, and how long the rest takes. */
export class TransferPace {
  private readonly seen: { at: number; done: number }[] = [];

  constructor(private readonly now: () => number = () => performance.now()) {}

  /** @param done bytes there now; @param total of all bytes, 0 while unknown. Null seconds: not known yet. */
  of(done: number, total: number): { bytesPerSecond: number; secondsLeft: number | null } {
    const at = this.now();
    if (at - (this.seen.at(-1)?.at ?? -Infinity) >= STEP) this.seen.push({ at, done });
    while (this.seen.length > 2 && at - this.seen[1]!.at >= WINDOW) this.seen.shift();
    const first = this.seen[0]!;
    const passed = at - first.at;
    // A piece that broke is fetched again, and counts no more until it is there.
    const bytesPerSecond = passed < LEAST ? 0 : (Math.max(0, done - first.done) / passed) * 1000;
    return { bytesPerSecond, secondsLeft: bytesPerSecond > 0 && total > 0 ? (total - done) / bytesPerSecond : null };
  }
}
