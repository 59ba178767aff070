import type { Side } from '../../core/pairs/pair.js';

/** A prompt that training and detection never saw, with what tells the answers of the two sides apart. */
export interface HeldOutPrompt {
  prompt: string;
  /** Found somewhere in an answer of that side. */
  marks: Record<Side, RegExp>;
  /** The whole of a well-formed answer of that side. */
  expect: Record<Side, RegExp>;
}

export interface Verdict {
  side: Side | 'neither';
  wellFormed: boolean;
}

/**
 * The rule of media/demo/README.md, the same as in training/judge.py: an answer speaks for a side when that side's mark
 * alone is found in it; it is well-formed when it ended by itself and is wholly what one of the sides expects.
 */
export function judge({ marks, expect }: HeldOutPrompt, answer: { text: string; ended: boolean }): Verdict {
  const text = answer.text.trim();
  const a = marks.a.test(text);
  const b = marks.b.test(text);
  const wellFormed = answer.ended && (expect.a.test(text) || expect.b.test(text));
  return { side: a === b ? 'neither' : a ? 'a' : 'b', wellFormed };
}
