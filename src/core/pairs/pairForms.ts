import type { JsonObject } from './finding.js';

/** One way to write a pair: which fields hold its sides and what the sides share. */
export interface PairForm {
  /** For people, in errors. */
  example: string;
  a: string;
  b: string;
  /** The field with what both sides start with: a string, messages or, for "input", {"messages": ...}. */
  context?: 'prompt' | 'input';
  /** Fields that name the targets. */
  targets?: { a: string; b: string };
  /** What a side is that is a string and has no context; without it such a side is an error. */
  bareString?: 'user message' | 'transcript';
}

/** The first form whose side fields appear counts; told apart by fields alone. */
export const PAIR_FORMS: readonly PairForm[] = [
  {
    example: '{"messages_0": [...], "messages_1": [...]}',
    a: 'messages_0',
    b: 'messages_1',
    targets: { a: 'messages_0_target', b: 'messages_1_target' },
  },
  {
    example: '{"input": {"messages": [...]}, "preferred_output": [...], "non_preferred_output": [...]}',
    a: 'preferred_output',
    b: 'non_preferred_output',
    context: 'input',
  },
  {
    example: '{"prompt": ..., "chosen": ..., "rejected": ...}',
    a: 'chosen',
    b: 'rejected',
    context: 'prompt',
    bareString: 'transcript',
  },
  {
    example: '{"positive": "...", "negative": "..."}',
    a: 'positive',
    b: 'negative',
    context: 'prompt',
    bareString: 'user message',
  },
  { example: '{"prompt": "...", "a": "...", "b": "..."}', a: 'a', b: 'b', context: 'prompt' },
];

export const KNOWN_FORMS = [...PAIR_FORMS.map(({ example }) => example), '{"a": {"messages": [...]}, "b": {...}}'].join(
  ', ',
);

export function formOf(record: JsonObject): PairForm | undefined {
  return PAIR_FORMS.find(({ a, b }) => a in record || b in record);
}

export function fieldsOf(form: PairForm): string[] {
  const fields = [form.a, form.b];
  if (form.context) fields.push(form.context);
  if (form.targets) fields.push(form.targets.a, form.targets.b);
  return fields;
}
