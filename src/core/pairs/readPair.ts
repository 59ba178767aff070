import { isObject, kindOf, reportUnknownFields, type JsonObject, type JsonPath, type Report } from './finding.js';
import type { Conversation, Message, Pair } from './pair.js';
import { fieldsOf, formOf, KNOWN_FORMS, type PairForm } from './pairForms.js';
import { readMessages, readTranscript } from './readMessages.js';
import { readTarget, wholeMessage } from './readTarget.js';

/** One record of a pairs file as a pair, whatever its form; undefined, and every reason reported, where it is none. */
export function readPair(record: JsonObject, report: Report): Pick<Pair, 'a' | 'b'> | undefined {
  const form = formOf(record);
  if (!form) {
    report({ path: [], message: `This is no known form of a pair. Known are ${KNOWN_FORMS}.`, severity: 'error' });
    return undefined;
  }
  reportUnknownFields(record, fieldsOf(form), [], report);
  for (const [field, other] of [
    [form.a, form.b],
    [form.b, form.a],
  ] as const) {
    if (record[field] === undefined || record[field] === null) {
      const message = `This pair has "${other}" but not "${field}". Add it: ${form.example}.`;
      report({ path: [other], message, severity: 'error' });
      return undefined;
    }
  }
  const context = readContext(record, form, report);
  if (context === 'wrong') return undefined;
  const a = readSide(record, form, 'a', context, report);
  const b = readSide(record, form, 'b', context, report);
  if (!a || !b) return undefined;
  if (isSame(a, b)) {
    const message = 'Both sides are the same, so this pair tells nothing. Change one side or remove the pair.';
    report({ path: [], message, severity: 'warning' });
  }
  return { a, b };
}

function isSame(x: Conversation, y: Conversation): boolean {
  const sameTarget = x.target.message === y.target.message && x.target.start === y.target.start;
  if (!sameTarget || x.target.end !== y.target.end || x.messages.length !== y.messages.length) return false;
  return x.messages.every(({ role, content, thinking }, i) => {
    const other = y.messages[i];
    return role === other?.role && content === other.content && thinking === other.thinking;
  });
}

/** The messages that both sides start with, where the record has some. */
function readContext(record: JsonObject, form: PairForm, report: Report): Message[] | undefined | 'wrong' {
  if (!form.context) return undefined;
  const value = record[form.context];
  if (value === undefined || value === null) return undefined;
  if (form.context === 'input') {
    const messages = isObject(value) ? value.messages : value;
    if (isObject(value)) reportUnknownFields(value, ['messages'], ['input'], report);
    return readMessages(messages, isObject(value) ? ['input', 'messages'] : ['input'], report) ?? 'wrong';
  }
  if (typeof value === 'string') return [{ role: 'user', content: value }];
  return readMessages(value, ['prompt'], report) ?? 'wrong';
}

function readSide(
  record: JsonObject,
  form: PairForm,
  side: 'a' | 'b',
  context: Message[] | undefined,
  report: Report,
): Conversation | undefined {
  const path: JsonPath = [form[side]];
  const value = record[form[side]];
  const targetField = form.targets?.[side];
  if (typeof value === 'string') return readText(value, form, path, context, report);
  if (isObject(value)) {
    reportUnknownFields(value, ['messages', 'target'], path, report);
    const messages = readMessages(value.messages, [...path, 'messages'], report);
    return (
      messages &&
      withTarget(
        joined(context, messages),
        value.target,
        value.target === undefined ? path : [...path, 'target'],
        report,
      )
    );
  }
  if (Array.isArray(value)) {
    const messages = readMessages(value, path, report);
    const target = targetField === undefined ? undefined : record[targetField];
    return (
      messages &&
      withTarget(joined(context, messages), target, target === undefined || !targetField ? path : [targetField], report)
    );
  }
  const message = `A side is a string, messages or {"messages": ..., "target": ...}, but this is ${kindOf(value)}.`;
  report({ path, message, severity: 'error' });
  return undefined;
}

/** Messages that open with an answer continue the context; others are the whole conversation already. */
function joined(context: Message[] | undefined, messages: Message[]): Message[] {
  return context && messages[0]?.role === 'assistant' ? [...context, ...messages] : messages;
}

function withTarget(messages: Message[], value: unknown, path: JsonPath, report: Report): Conversation | undefined {
  const target = readTarget(value, messages, path, report);
  return target && { messages, target };
}

/** A side that is one string: the answer to the context, or what the form says where there is none. */
function readText(
  text: string,
  form: PairForm,
  path: JsonPath,
  context: Message[] | undefined,
  report: Report,
): Conversation | undefined {
  let messages: Message[] | undefined;
  if (context) messages = [...context, { role: 'assistant', content: text }];
  else if (form.bareString === 'user message') messages = [{ role: 'user', content: text }];
  else if (form.bareString === 'transcript') messages = readTranscript(text);
  if (!messages) {
    const message = `This side is a string, but the pair has no "${form.context ?? 'prompt'}" that it answers. Add one.`;
    report({ path, message, severity: 'error' });
    return undefined;
  }
  const target = wholeMessage(messages, messages.length - 1);
  if (!target) report({ path, message: 'This side is empty. Write the text that is compared.', severity: 'error' });
  return target && { messages, target };
}
