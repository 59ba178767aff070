import type { AnswerSide, Failure, SideAnswer, Turn } from '../../src/protocol/webview.js';
import { counted, thousands } from '../ui/figures.js';

/** What stands below an answer: "61 tok/s · 14 tokens". */
export function figuresWords({ tokensPerSecond, tokenEnds }: SideAnswer): string {
  const tokens = counted(tokenEnds.length, 'token');
  return tokensPerSecond > 0 ? `${rate(tokensPerSecond)} tok/s · ${tokens}` : tokens;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : thousands(Math.round(value));
}

/** How an answer stands or ended, where that is not by itself: "cut at the token limit". */
export function stateWords({ state, stop }: Pick<SideAnswer, 'state' | 'stop'>): string {
  if (state !== 'done') return state;
  if (stop === 'length') return 'cut at the token limit';
  return stop === 'context' ? 'cut: the context is full' : '';
}

/** Only a steered answer can be behind the board; one that still runs is told so as well. */
export function isBehind(side: AnswerSide, answer: SideAnswer, planKey: string): boolean {
  return side === 'steered' && answer.planKey !== planKey;
}

/** Why an answer failed, and what to do next; nothing where it did not. */
export function failureWords(failure: Failure | null): string {
  return failure ? `${failure.message} ${failure.next}` : '';
}

/** What both answers failed of, so that it is said once; null where they did not, or of different things. */
export function commonFailure({ baseline, steered }: Turn): Failure | null {
  const failure = baseline?.failure ?? null;
  return failure !== null && failure.message === steered?.failure?.message ? failure : null;
}

/** What a screen reader hears when an answer has ended. */
export function endWords(side: AnswerSide, answer: SideAnswer): string {
  if (answer.state === 'failed') return `The ${side} answer failed. ${answer.failure?.message ?? ''}`.trim();
  const how = stateWords(answer);
  return `${side} answer${how === '' ? '' : `, ${how}`}: ${answer.text}`;
}
