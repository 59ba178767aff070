import { answerStart } from '../thinking.js';
import { isObject, kindOf, type JsonPath, type Report } from './finding.js';
import type { Message, Target } from './pair.js';

/**
 * The span of a conversation that is compared (paper, section 3.1). `value` is undefined for the answer of the last
 * assistant message, which is its content without the thinking that it may begin with; a string for its last occurrence in any message; or `{"text": ..., "message": index from 0}`.
 * Undefined, and the reason reported, where there is no such span: never a silent skip.
 */
export function readTarget(value: unknown, messages: Message[], path: JsonPath, report: Report): Target | undefined {
  const found = value === undefined || value === null ? lastAnswer(messages) : namedTarget(value, messages);
  if (typeof found !== 'string') return found;
  report({ path, message: found, severity: 'error' });
  return undefined;
}

/** The content of a message without the thinking before an answer; undefined where that is blank. */
export function wholeMessage(messages: Message[], message: number): Target | undefined {
  const { role, content } = messages[message] ?? { role: 'user', content: '' };
  const start = role === 'assistant' ? answerStart(content) : 0;
  return content.slice(start).trim() === '' ? undefined : { message, start, end: content.length };
}

/** The target, or what is wrong. */
function lastAnswer(messages: Message[]): Target | string {
  const last = messages.findLastIndex(({ role }) => role === 'assistant');
  if (last < 0) return 'There is no assistant message to compare. Add one, or name the text in "target".';
  return wholeMessage(messages, last) ?? 'The last assistant message, which is compared, is empty. Fill it in.';
}

/** The target, or what is wrong. */
function namedTarget(value: unknown, messages: Message[]): Target | string {
  const text = isObject(value) ? value.text : value;
  const only = isObject(value) ? value.message : undefined;
  if (typeof text !== 'string') {
    return `A target is a string or {"text": ..., "message": ...}, but this is ${kindOf(text)}.`;
  }
  if (text.trim() === '') {
    return 'The target is empty. Name the text to compare, or leave the target out for the last assistant message.';
  }
  if (only !== undefined && !(typeof only === 'number' && messages[only])) {
    return `The target's "message" must be from 0 to ${messages.length - 1}, the index of a message.`;
  }
  for (let message = messages.length - 1; message >= 0; message--) {
    if (only !== undefined && message !== only) continue;
    const start = messages[message]!.content.lastIndexOf(text);
    if (start >= 0) return { message, start, end: start + text.length };
  }
  const where = only === undefined ? 'any message of this side' : 'that message';
  return `The target does not occur in ${where}. It must match to the letter, spaces and case included.`;
}
