import type { Thinking, ThinkingSwitch } from '../../core/thinking.js';

/** What puts a model into a way of thinking. */
export interface ThinkingMode {
  variables: Record<string, unknown>;
  /** The answer is opened as the template writes a finished one, past the place where the model would think. */
  openAnswer: boolean;
}

export interface ThinkingModes extends ThinkingSwitch {
  of: ReadonlyMap<Thinking, ThinkingMode>;
}

/** What a template writes for a probe conversation: before an answer, and around one. Undefined where it refuses. */
export type Probe = (variables: Record<string, unknown>) => { question: string; opening: string } | undefined;

/** Variables that switch thinking in published templates, each with its values for off and on; the first that works counts. */
const SWITCHES: readonly { variable: string; off: unknown; on: unknown }[] = [
  { variable: 'enable_thinking', off: false, on: true },
  { variable: 'thinking', off: false, on: true },
  { variable: 'thinking_mode', off: 'disabled', on: 'enabled' },
  { variable: 'thinking_budget', off: 0, on: -1 },
  { variable: 'reasoning', off: false, on: true },
];

/** Variables that say how much to think, and values that mean not at all. */
const EFFORTS = ['reasoning_effort', 'thinking_effort', 'reasoning_strength'];
const LEVELS = ['low', 'medium', 'high'] as const;
const NO_EFFORT = ['no_think', 'none'];

/**
 * How the thinking of a model can be switched, found by trying: a variable counts where it changes what the template
 * writes. (A template's text may speak of thinking, or set such a variable itself, without a switch for it.)
 * - With a switch, off and on set it (Qwen3, GLM, DeepSeek, Granite, Kimi, MiniMax and others).
 * - With levels alone, as gpt-oss has them, on is what the template does by itself. Off has no variable there: the answer
 *   is opened in the final channel, `<|start|>assistant<|channel|>final<|message|>`, as the template writes a finished
 *   answer.
 */
export function thinkingModes(source: string, probe: Probe): ThinkingModes | undefined {
  const of = new Map<Thinking, ThinkingMode>();
  const set = (mode: Thinking, variables: Record<string, unknown>, openAnswer = false): void => {
    of.set(mode, { variables, openAnswer });
  };
  const differ = (one: Record<string, unknown>, other: Record<string, unknown>): boolean => {
    const [first, second] = [probe(one), probe(other)];
    return first !== undefined && second !== undefined && textOf(first) !== textOf(second);
  };
  const onOff = SWITCHES.find(
    ({ variable, off, on }) => source.includes(variable) && differ({ [variable]: off }, { [variable]: on }),
  );
  if (onOff) {
    set('off', { [onOff.variable]: onOff.off });
    set('on', { [onOff.variable]: onOff.on });
  }
  const thinks = of.get('on')?.variables ?? {};
  const effort = EFFORTS.find((variable) => source.includes(variable) && levels(variable).length > 0);
  if (effort !== undefined) {
    for (const level of levels(effort)) set(level, { ...thinks, [effort]: level });
    if (!onOff) withoutSwitch(effort);
  }
  if (of.size === 0) return undefined;
  const variable = [onOff?.variable, effort].filter((name) => name !== undefined).join(', ');
  const order: Thinking[] = ['off', 'on', ...LEVELS];
  return { variable, modes: order.filter((mode) => of.has(mode)), of };

  /** The levels that the template knows: it treats them otherwise than a word that nobody uses. */
  function levels(variable: string): Thinking[] {
    return LEVELS.filter((level) => {
      const written = probe({ ...thinks, [variable]: level });
      const other = probe({ ...thinks, [variable]: 'unheard-of' });
      return written !== undefined && (other === undefined || textOf(written) !== textOf(other));
    });
  }

  function withoutSwitch(variable: string): void {
    const none = NO_EFFORT.find(
      (word) => new RegExp(`["']${word}["']`).test(source) && differ({ [variable]: word }, { [variable]: 'high' }),
    );
    const plain = probe({});
    if (none !== undefined) set('off', { [variable]: none });
    else if (plain && plain.opening !== plain.question && plain.opening.startsWith(plain.question))
      set('off', {}, true);
    const offByDefault = none !== undefined && !differ({}, { [variable]: none });
    set('on', offByDefault ? { [variable]: 'high' } : {});
  }
}

function textOf({ question, opening }: { question: string; opening: string }): string {
  return `${question}\n${opening}`;
}
