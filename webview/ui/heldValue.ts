/**
 * What a person just changed and the host has not shown back. Changes are sent one at a time, the newest after the one on
 * its way. Snapshots sent before the host heard of the change would put a slider back under the hand: until the last
 * change is answered, and the next snapshot is there, the change is shown. A change that was refused is let go at once.
 */
export class HeldValue<T> {
  private held: { value: T } | null = null;
  private sending: Promise<void> | null = null;
  private answered = false;

  /** @param send Gives the host a value; whether it was taken. Does not throw. */
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

  /** Done when the newest change is answered: what is shown may be another value then. */
  change(value: T): Promise<void> {
    this.held = { value };
    this.answered = false;
    return (this.sending ??= this.sendAll());
  }

  private async sendAll(): Promise<void> {
    let sent: { value: T };
    let taken: boolean;
    do {
      // A snapshot lets go only of what was answered: something is held as long as it is on its way.
      sent = this.held!;
      taken = await this.send(sent.value);
    } while (this.held !== sent);
    this.sending = null;
    if (taken) this.answered = true;
    else this.held = null;
  }
}
