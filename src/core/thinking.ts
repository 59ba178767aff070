import { HumanError } from './humanError.js';

/** How much a model thinks before it answers. The levels are what some models know besides or instead of on and off. */
export const THINKING = ['off', 'on', 'low', 'medium', 'high'] as const;
export type Thinking = (typeof THINKING)[number];

/** What a person can ask for: a way of thinking, or "model" for what the model's template does when nothing is said. */
export type ThinkingWish = Thinking | 'model';
export const THINKING_WISHES: readonly ThinkingWish[] = [...THINKING, 'model'];

/** How the thinking of a model can be switched, as its chat template was found to react. */
export interface ThinkingSwitch {
  /** The template's variables that do it, for people: "enable_thinking", "thinking, reasoning_effort". */
  variable: string;
  modes: Thinking[];
}

/**
 * The thinking to ask the engine for. Nothing said means off where that is possible, as in the paper: detection and
 * answers then see the same text before the answer's first token. Undefined leaves it to the model's template.
 * Fails with HumanError where the model cannot do what was asked for.
 */
export function chosenThinking(
  { name, thinking }: { name: string; thinking?: ThinkingSwitch },
  wish: ThinkingWish | undefined,
): Thinking | undefined {
  if (wish === 'model') return undefined;
  if (wish === undefined) return thinking?.modes.includes('off') ? 'off' : undefined;
  if (!thinking)
    throw new HumanError(
      'model-unsupported',
      `The thinking of ${name} cannot be set to "${wish}": its chat template has no switch for it.`,
      'Leave the choice to the model.',
    );
  if (!thinking.modes.includes(wish))
    throw new HumanError(
      'model-unsupported',
      `The thinking of ${name} cannot be set to "${wish}".`,
      `Choose ${thinking.modes.map((mode) => `"${mode}"`).join(', ')}, or leave the choice to the model.`,
    );
  return wish;
}

/** The same for a setting that holds for all models: where a model cannot do it, its template decides. */
export function possibleThinking(thinking: ThinkingSwitch | undefined, wish: ThinkingWish): Thinking | undefined {
  return thinking?.modes.find((mode) => mode === wish);
}

/** For lists and tables: "can be switched (enable_thinking): off, on". */
export function thinkingWords(thinking: ThinkingSwitch | undefined): string {
  if (!thinking) return 'no switch in the chat template';
  return `can be switched (${thinking.variable}): ${thinking.modes.join(', ')}`;
}

/** Thinking before an answer, in the marks that models write and their templates look for; the answer comes after it. */
const BEFORE_ANSWER =
  /^\s*(?:<([\w:]*think(?:ing)?)>(.*)<\/\1>|\[THINK\](.*)\[\/THINK\]|<\|channel\|>analysis<\|message\|>(.*?)(?:<\|channel\|>final<\|message\|>|$))\s*/is;

/** Where the answer begins in what an assistant wrote: after its thinking, or at once. */
export function answerStart(text: string): number {
  return BEFORE_ANSWER.exec(text)?.[0].length ?? 0;
}

/**
 * What an assistant wrote as an answer and the thinking before it; without marks of thinking it is all answer. Of gpt-oss,
 * whose thinking has no end mark of its own, an answer that was stopped in its thinking is none.
 */
export function answerAndThinking(text: string): { content: string; thinking?: string } {
  const found = BEFORE_ANSWER.exec(text);
  if (!found) return { content: text };
  const thinking = (found[2] ?? found[3] ?? found[4] ?? '').replace(/<\|end\|>.*$/s, '').trim();
  return { content: text.slice(found[0].length), ...(thinking !== '' && { thinking }) };
}
