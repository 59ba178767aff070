import type { SteeringPlan } from '../../core/plans/plan.js';
import type { Engine } from '../../engine/client.js';
import type { LaneRequest, LaneResult } from '../../protocol/engine.js';
import { judge, type HeldOutPrompt, type Verdict } from './judge.js';
import { wilson, type Rate } from './wilson.js';

/** One way to ask all held-out prompts: under a plan, with or without a system prompt. */
export interface Condition {
  id: string;
  plan: SteeringPlan;
  system?: string;
}

export interface Answer {
  prompt: string;
  text: string;
  verdict: Verdict;
}

export interface Measured {
  a: Rate;
  b: Rate;
  neither: Rate;
  wellFormed: Rate;
}

/** Longest answer that counts as ended by itself (media/demo/README.md). */
const LONGEST = 48;

/** One seed a prompt, the same in every condition: what differs between conditions is the plan alone. */
function seedOf(promptIndex: number): number {
  return 1 + promptIndex;
}

/** Asks every prompt in every condition, all as lanes of one request; answers in the order of the prompts. */
export async function ask(
  engine: Pick<Engine, 'generate'>,
  conditions: readonly Condition[],
  prompts: readonly HeldOutPrompt[],
  options: { signal?: AbortSignal; onDone?(lanes: number): void } = {},
): Promise<Map<string, Answer[]>> {
  const lanes = conditions.flatMap(({ id, plan, system }) =>
    prompts.map(({ prompt }, index): LaneRequest => ({
      id: `${id} ${index}`,
      messages: [
        ...(system === undefined ? [] : [{ role: 'system' as const, content: system }]),
        { role: 'user', content: prompt },
      ],
      plan,
      // The model's own distribution: nothing cut off, nothing sharpened.
      sampling: { temperature: 1, topK: 0, topP: 1, minP: 0, seed: seedOf(index) },
      maxTokens: LONGEST,
      routing: false,
    })),
  );
  const begun = new Set<string>();
  const results = await engine.generate(lanes, {
    onEvent: (event) => {
      if (event.kind !== 'token' || event.index !== 0) return;
      begun.add(event.lane);
      options.onDone?.(begun.size);
    },
    ...(options.signal && { signal: options.signal }),
  });
  return new Map(
    conditions.map(({ id }, place) => [
      id,
      prompts.map((prompt, index) => answerOf(prompt, results[place * prompts.length + index]!)),
    ]),
  );
}

function answerOf(prompt: HeldOutPrompt, { text, stop }: LaneResult): Answer {
  return { prompt: prompt.prompt, text: text.trim(), verdict: judge(prompt, { text, ended: stop === 'end' }) };
}

export function measured(answers: readonly Answer[]): Measured {
  const rate = (yes: (verdict: Verdict) => boolean): Rate =>
    wilson(answers.filter(({ verdict }) => yes(verdict)).length, answers.length);
  return {
    a: rate(({ side }) => side === 'a'),
    b: rate(({ side }) => side === 'b'),
    neither: rate(({ side }) => side === 'neither'),
    wellFormed: rate(({ wellFormed }) => wellFormed),
  };
}
