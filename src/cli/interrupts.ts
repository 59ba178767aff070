/** Signals that end a program, with the exit codes that shells give them. */
const SIGNALS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;

/** How long work may take to stop by itself, in milliseconds. */
const PATIENCE = 1500;

export interface Interrupts {
  signal: AbortSignal;
  /** The exit code of the signal that came; undefined while none did. */
  code(): number | undefined;
}

/**
 * Turns Ctrl+C and its like into an AbortSignal. Work that does not stop in time is ended by `force`; a second signal
 * does so at once.
 */
export function onInterrupt(force: () => void): Interrupts {
  const controller = new AbortController();
  let code: number | undefined;
  for (const [name, value] of Object.entries(SIGNALS)) {
    process.on(name, () => {
      if (code !== undefined) {
        force();
        return;
      }
      code = value;
      controller.abort();
      setTimeout(force, PATIENCE).unref();
    });
  }
  return { signal: controller.signal, code: () => code };
}
