import { HumanError, type Reason } from '../core/humanError.js';

/** What the process says when it ends; shown by --help. */
export const EXIT = { done: 0, problems: 1, usage: 2, failed: 3, interrupted: 130 } as const;

/** Wrong use of the command line that commander cannot see, for instance two options that exclude each other. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** Not the user's input but the engine, the disk or the machine: trying again may help. */
const FAILURES: ReadonlySet<Reason> = new Set<Reason>([
  'out-of-memory',
  'engine-missing',
  'engine-crashed',
  'engine-hung',
  'engine-failed',
  'write-failed',
  'disk-full',
  'download-failed',
]);

export function exitCodeOf(error: unknown): number {
  if (error instanceof UsageError) return EXIT.usage;
  if (!(error instanceof HumanError)) return EXIT.failed;
  if (error.reason === 'cancelled') return EXIT.interrupted;
  return FAILURES.has(error.reason) ? EXIT.failed : EXIT.problems;
}

/** The line that stderr gets: what failed and what to do next. */
export function errorLine(error: unknown): string {
  if (error instanceof HumanError) return `steermoe: ${error.message} ${error.next}`.trimEnd();
  if (error instanceof UsageError) return `steermoe: ${error.message}`;
  const detail = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return `steermoe: Something went wrong that should not: ${detail}`;
}
