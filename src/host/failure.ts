import { HumanError } from '../core/humanError.js';
import type { Failure } from '../protocol/webview.js';

/** What failed, as views and notifications show it, whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HumanError) return { reason: error.reason, message: error.message, next: error.next };
  const message = error instanceof Error ? error.message : String(error);
  return {
    reason: 'engine-failed',
    message: `Something went wrong that should not: ${message}`,
    next: 'Try again; if it stays, see the SteerMoE log.',
  };
}

export function sentences({ message, next }: Failure): string {
  return `${message} ${next}`.trim();
}

export function isCancelled(error: unknown): boolean {
  return error instanceof HumanError && error.reason === 'cancelled';
}
