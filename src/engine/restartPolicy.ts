/** How often a crashed engine may be started again: after 4 starts within 3 minutes a person has to ask. */
const STARTS = 4;
const WITHIN_MS = 3 * 60_000;

/** Immutable: each crash gives a new policy. Times are milliseconds of any clock. */
export class RestartPolicy {
  constructor(private readonly crashes: readonly number[] = []) {}

  crashed(now: number): RestartPolicy {
    return new RestartPolicy([...this.recent(now), now]);
  }

  mayStart(now: number): boolean {
    return this.recent(now).length < STARTS;
  }

  private recent(now: number): readonly number[] {
    return this.crashes.filter((at) => now - at < WITHIN_MS);
  }
}
