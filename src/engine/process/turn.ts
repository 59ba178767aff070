/**
 * Lets one job at a time into llama.cpp, in the order of asking: a detection and a chat take turns step by step,
 * instead of fighting for the same cores.
 */
export class Turn {
  private last: Promise<unknown> = Promise.resolve();

  take<T>(job: () => Promise<T>): Promise<T> {
    const result = this.last.then(job, job);
    this.last = result.catch(() => undefined);
    return result;
  }
}
