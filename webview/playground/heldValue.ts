/**
 * What a person just changed and the host has not shown back. Snapshots sent before the host heard of the change would
 * put a slider back under the hand: until the last change is answered, and the next snapshot is there, the change is
 * shown. A change that was refused is let go at once.
 */
export class HeldValue<T> {
  private held: { value: T } | null = null;
  private waiting = 0;
  private answered = false;

  constructor(private readonly send: (value: T) => Promise<boolean>) {}

  /** What to show, given what the newest snapshot says. */
  shown(fromHost: T): T {
    return this.held ? this.held.value : fromHost;
  }

  /** Call with each snapshot, before `shown`. */
  snapshotArrived(): void {
    if (this.answered) this.held = null;
    this.answered = false;
  }

  async change(value: T): Promise<void> {
    this.held = { value };
    this.answered = false;
    this.waiting++;
    const taken = await this.send(value);
    this.waiting--;
    if (this.waiting > 0) return;
    if (taken) this.answered = true;
    else this.held = null;
  }
}
