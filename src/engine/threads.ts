import { availableParallelism, cpus } from 'node:os';

/**
 * Threads for llama.cpp when the user names none. Matrix products gain nothing from hyper-threads, so half of the
 * logical processors, but no fewer than two where there are two.
 */
export function defaultThreads(): number {
  const logical = availableParallelism();
  const hyperThreaded = /Intel|AMD/.test(cpus()[0]?.model ?? '') && logical > 2;
  return Math.max(Math.min(2, logical), hyperThreaded ? Math.floor(logical / 2) : logical);
}
