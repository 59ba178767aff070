/** Long, since everything here waits for a real VS Code on what may be two busy cores. */
export const PATIENCE = 60_000;

/** Asks until there is an answer, and gives it; says what it waited for when there never is. */
export async function until<T>(what: string, ask: () => T | Promise<T>, limit = PATIENCE): Promise<NonNullable<T>> {
  const end = Date.now() + limit;
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    if (Date.now() > end) throw new Error(`Waited ${limit / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
