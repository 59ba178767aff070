import type { AnswerSide, SideAnswer } from '../../src/protocol/webview.js';

/** What stands below an answer: "61 tok/s · 14 tokens". */
export function figuresWords({ tokensPerSecond, tokenEnds }: SideAnswer): string {
  const count = tokenEnds.length;
  const tokens = `${count.toLocaleString('en')} ${count === 1 ? 'token' : 'tokens'}`;
  return tokensPerSecond > 0 ? `${rate(tokensPerSecond)} tok/s · ${tokens}` : tokens;
}

function rate(value: number): string {
  return value < 10 ? value.toFixed(1) : Math.round(value).toLocaleString('en');
}

export const STATE_WORDS: Record<SideAnswer['state'], string> = {
  running: 'running',
  done: '',
  stopped: 'stopped',
  failed: 'failed',
};

/** Only a steered answer can be behind the board; one that still runs is told so as well. */
export function isBehind(side: AnswerSide, answer: SideAnswer, planKey: string): boolean {
  return side === 'steered' && answer.planKey !== planKey;
}

/** What a screen reader hears when an answer has ended. */
export function endWords(side: AnswerSide, answer: SideAnswer): string {
  if (answer.state === 'failed') return `The ${side} answer failed. ${answer.failure?.message ?? ''}`.trim();
  return `${side} answer${answer.state === 'stopped' ? ', stopped' : ''}: ${answer.text}`;
}
