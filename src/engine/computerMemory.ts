import { readFile } from 'node:fs/promises';
import { freemem, totalmem } from 'node:os';

/** The computer's memory, in bytes. What is free includes what caches would give back at once. */
export async function computerMemory(): Promise<{ total: number; free: number }> {
  return { total: totalmem(), free: await available() };
}

/** Node counts the page cache as used; Linux says what is really available, and macOS lends out nearly all of it. */
async function available(): Promise<number> {
  if (process.platform === 'darwin') return totalmem();
  const text = process.platform === 'linux' ? await readFile('/proc/meminfo', 'utf8').catch(() => '') : '';
  const kilobytes = /^MemAvailable:\s+(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? freemem() : Number(kilobytes) * 1024;
}
