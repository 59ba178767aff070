import { isObject, kindOf, reportUnknownFields, type JsonPath, type Report } from './finding.js';
import type { Message, Role } from './pair.js';

const ROLES: readonly string[] = ['system', 'user', 'assistant'] satisfies Role[];

/** What the thinking of an assistant message is called here, by most servers, and by OpenRouter. */
const THINKING_FIELDS = ['thinking', 'reasoning_content', 'reasoning'];

function readMessage(value: unknown, path: JsonPath, report: Report): Message | undefined {
  if (!isObject(value)) {
    const message = `A message is an object {"role": ..., "content": ...}, but this is ${kindOf(value)}.`;
    report({ path, message, severity: 'error' });
    return undefined;
  }
  const { role, content } = value;
  reportUnknownFields(value, ['role', 'content', ...THINKING_FIELDS], path, report);
  if (typeof role !== 'string' || !ROLES.includes(role)) {
    const given = typeof role === 'string' ? `"${role}"` : kindOf(role);
    const message = `The role is ${given}; it must be "system", "user" or "assistant".`;
    report({ path: [...path, 'role'], message, severity: 'error' });
    return undefined;
  }
  if (typeof content !== 'string') {
    const message = `The content of a message must be a string, but this is ${kindOf(content)}.`;
    report({ path: [...path, 'content'], message, severity: 'error' });
    return undefined;
  }
  const thinking = THINKING_FIELDS.map((field) => ({ field, text: value[field] })).find(({ text }) => text != null);
  if (thinking === undefined) return { role: role as Role, content };
  const { field, text } = thinking;
  if (role !== 'assistant' || typeof text !== 'string') {
    const message =
      role === 'assistant'
        ? `The thinking of a message must be a string, but this is ${kindOf(text)}.`
        : `Only an assistant thinks, but this message is of the role "${role}".`;
    report({ path: [...path, field], message, severity: 'error' });
    return undefined;
  }
  return { role, content, thinking: text };
}

/** The messages of a conversation; undefined, and every reason reported, where any of them is wrong. */
export function readMessages(value: unknown, path: JsonPath, report: Report): Message[] | undefined {
  if (!Array.isArray(value)) {
    report({ path, message: `An array of messages must stand here, but this is ${kindOf(value)}.`, severity: 'error' });
    return undefined;
  }
  if (value.length === 0) {
    report({ path, message: 'This conversation has no messages. Give it at least one.', severity: 'error' });
    return undefined;
  }
  const messages = value.map((message, i) => readMessage(message, [...path, i], report));
  return messages.every((message) => message !== undefined) ? messages : undefined;
}

/**
 * The conversation in a transcript of the "\n\nHuman: ...\n\nAssistant: ..." kind, as older preference data has them.
 * Undefined where the text does not start as one.
 */
export function readTranscript(text: string): Message[] | undefined {
  const parts = text.trimStart().split(/(?:^|\n\n)(Human|Assistant):/);
  if (parts.length < 3 || parts[0] !== '') return undefined;
  const messages: Message[] = [];
  for (let i = 1; i < parts.length; i += 2) {
    messages.push({ role: parts[i] === 'Human' ? 'user' : 'assistant', content: (parts[i + 1] ?? '').trim() });
  }
  return messages;
}
