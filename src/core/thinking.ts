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

/** For lists and tables: "can be switched (enable_thinking): off, on". */
export function thinkingWords(thinking: ThinkingSwitch | undefined): string {
  if (!thinking) return 'no switch in the chat template';
  return `can be switched (${thinking.variable}): ${thinking.modes.join(', ')}`;
}
