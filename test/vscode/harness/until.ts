/** Long, since everything here waits for a real VS Code on what may be two busy cores. */
export const PATIENCE = 60_000;

/** Asks until it is true; says what it waited for when it never is. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, limit = PATIENCE): Promise<void> {
  const end = Date.now() + limit;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited ${limit / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
