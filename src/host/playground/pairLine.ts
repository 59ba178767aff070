import { answerAndThinking } from '../../core/thinking.js';
import type { AnswerSide, Turn } from '../../protocol/webview.js';
import { turnMessages } from './turnMessages.js';

/** The line that makes a pair of the two answers of a turn; undefined where one of them is missing or empty. */
export function pairLine(turns: readonly Turn[], id: number, a: AnswerSide, systemPrompt: string): string | undefined {
  const turn = turns.find((other) => other.id === id);
  const b: AnswerSide = a === 'baseline' ? 'steered' : 'baseline';
  const answerA = turn?.[a]?.text ?? '';
  const answerB = turn?.[b]?.text ?? '';
  if (!turn || answerA.trim() === '' || answerB.trim() === '') return undefined;
  const side = (name: AnswerSide, answer: string) => ({
    messages: [...turnMessages(turns, id, name, systemPrompt), { role: 'assistant', ...answerAndThinking(answer) }],
  });
  const thought = [answerA, answerB].some((answer) => answerAndThinking(answer).thinking !== undefined);
  const long = thought || turns[0]?.id !== id || systemPrompt.trim() !== '';
  return JSON.stringify(
    long ? { a: side(a, answerA), b: side(b, answerB) } : { prompt: turn.prompt, a: answerA, b: answerB },
  );
}

/** A pairs file with one more line; its line breaks and a missing last one are seen to. */
export function withLine(text: string, line: string): string {
  const end = text.includes('\r\n') ? '\r\n' : '\n';
  return text === '' || text.endsWith('\n') ? `${text}${line}${end}` : `${text}${end}${line}${end}`;
}

/** The first line of a new pairs file. */
export function pairsHeader(name: string, a: AnswerSide): string {
  return JSON.stringify({ name, labels: { a, b: a === 'baseline' ? 'steered' : 'baseline' } });
}
