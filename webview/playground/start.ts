/** Runs without waiting, for event listeners; what can fail has been shown to the user by then. */
export function start(work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    console.error(error);
  });
}
