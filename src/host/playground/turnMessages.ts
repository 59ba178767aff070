import type { Message } from '../../core/pairs/pair.js';
import { answerAndThinking } from '../../core/thinking.js';
import type { AnswerSide, Turn } from '../../protocol/webview.js';

/** The conversation of one side up to (without) its answer in `turn`. A turn without an answer of any kind is left out. */
export function turnMessages(turns: readonly Turn[], turn: number, side: AnswerSide, systemPrompt: string): Message[] {
  const messages: Message[] = systemPrompt.trim() === '' ? [] : [{ role: 'system', content: systemPrompt }];
  for (const { id, prompt, baseline, steered } of turns) {
    if (id === turn) return [...messages, { role: 'user', content: prompt }];
    const answer = (side === 'baseline' ? baseline : steered) ?? steered ?? baseline;
    if (answer && answer.text.trim() !== '')
      messages.push({ role: 'user', content: prompt }, { role: 'assistant', ...answerAndThinking(answer.text) });
  }
  return messages;
}
