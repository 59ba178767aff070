import { HumanError } from '../../core/humanError.js';
import { EMPTY_PLAN, type SteeringPlan } from '../../core/plans/plan.js';
import type { Engine } from '../../engine/client.js';
import type { LaneEvent, LaneRequest, LaneResult } from '../../protocol/engine.js';
import type { AnswerSide, PlaygroundSettings, SideAnswer, Turn } from '../../protocol/webview.js';
import { failureOf, isCancelled } from '../failure.js';
import { KeptRouting } from './keptRouting.js';
import { turnMessages } from './turnMessages.js';

/** The plan that an answer is made with. */
export interface Steering {
  plan: SteeringPlan;
  key: string;
  words: string;
}

export const NEW_SETTINGS: PlaygroundSettings = {
  compare: true,
  systemPrompt: '',
  sampling: { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 1 },
  maxTokens: 256,
};

/** The turns of one playground: each prompt with its unsteered and its steered answer, streamed from one batch. */
export class Conversation {
  settings: PlaygroundSettings = NEW_SETTINGS;
  turns: Turn[] = [];
  private readonly routing = new KeptRouting();
  private running: { turn: number; controller: AbortController; done: Promise<void> } | undefined;

  /** @param changed called for every token: what draws it has to limit itself */
  constructor(
    private readonly engine: Pick<Engine, 'generate'>,
    private readonly changed: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  get isRunning(): boolean {
    return this.running !== undefined;
  }

  /** Begins to answer; resolves when the answers have ended, however they did. Never rejects after it began. */
  async send(prompt: string, steering: Steering): Promise<void> {
    if (prompt.trim() === '') throw new HumanError('file-invalid', 'The prompt is empty.', 'Write something first.');
    await this.stop();
    const id = (this.turns.at(-1)?.id ?? 0) + 1;
    this.turns = [...this.turns, { id, prompt, baseline: null, steered: null }];
    await this.answer(id, steering);
  }

  /** Answers a turn again, with another prompt if one is given; the turns after it are dropped. */
  async again(id: number, steering: Steering, prompt?: string): Promise<void> {
    await this.stop();
    const at = this.turns.findIndex((turn) => turn.id === id);
    if (at < 0) throw new HumanError('file-invalid', 'This turn is not there any more.', 'Send the prompt again.');
    for (const { id: dropped } of this.turns.slice(at)) this.routing.drop(dropped);
    const turn = this.turns[at]!;
    this.turns = [
      ...this.turns.slice(0, at),
      { ...turn, prompt: prompt ?? turn.prompt, baseline: null, steered: null },
    ];
    await this.answer(id, steering);
  }

  async stop(): Promise<void> {
    this.running?.controller.abort();
    await this.running?.done;
  }

  async clear(): Promise<void> {
    await this.stop();
    this.turns = [];
    this.routing.clear();
    this.changed();
  }

  /** The experts that a token selected; null where they are not known. */
  tokenExperts(turn: number, side: AnswerSide, token: number): number[] | null {
    return this.routing.get(turn, side, token);
  }

  private async answer(id: number, steering: Steering): Promise<void> {
    const controller = new AbortController();
    const done = this.run(id, steering, controller.signal);
    this.running = { turn: id, controller, done };
    this.changed();
    await done;
  }

  private async run(id: number, steering: Steering, signal: AbortSignal): Promise<void> {
    const sides: AnswerSide[] = this.settings.compare ? ['baseline', 'steered'] : ['steered'];
    const turn = this.turns.find((other) => other.id === id)!;
    const started = new Map<string, number>();
    for (const side of sides) turn[side] = newAnswer(side === 'steered' ? steering : UNSTEERED);
    try {
      const results = await this.engine.generate(
        sides.map((side) => this.lane(id, side, side === 'steered' ? steering.plan : EMPTY_PLAN)),
        {
          onEvent: (event) => {
            this.take(turn, event, started);
          },
          signal,
        },
      );
      for (const result of results) finish(turn, result);
    } catch (error) {
      for (const side of sides) end(turn[side]!, error);
    } finally {
      if (this.running?.turn === id) this.running = undefined;
      this.changed();
    }
  }

  private lane(turn: number, side: AnswerSide, plan: SteeringPlan): LaneRequest {
    const { sampling, maxTokens, systemPrompt } = this.settings;
    const messages = turnMessages(this.turns, turn, side, systemPrompt);
    return { id: side, messages, plan, sampling, maxTokens, routing: true };
  }

  private take(turn: Turn, event: LaneEvent, started: Map<string, number>): void {
    const side = event.lane as AnswerSide;
    const answer = turn[side];
    if (!answer) return;
    if (event.kind === 'routing') {
      this.routing.add(turn.id, side, event.index, event.experts);
      return;
    }
    answer.text += event.text;
    answer.tokenEnds.push(answer.text.length);
    const first = started.get(side);
    if (first === undefined) started.set(side, this.now());
    else answer.tokensPerSecond = (answer.tokenEnds.length - 1) / Math.max(0.001, (this.now() - first) / 1000);
    this.changed();
  }
}

const UNSTEERED: Steering = { plan: EMPTY_PLAN, key: 'none', words: 'unsteered' };

function newAnswer({ key, words }: Steering): SideAnswer {
  return {
    text: '',
    tokenEnds: [],
    state: 'running',
    tokensPerSecond: 0,
    failure: null,
    planKey: key,
    planWords: words,
  };
}

function finish(turn: Turn, { id, text, tokensPerSecond }: LaneResult): void {
  const answer = turn[id as AnswerSide];
  if (!answer) return;
  answer.text = text;
  answer.tokensPerSecond = tokensPerSecond;
  answer.state = 'done';
}

function end(answer: SideAnswer, error: unknown): void {
  if (answer.state !== 'running') return;
  answer.state = isCancelled(error) ? 'stopped' : 'failed';
  answer.failure = isCancelled(error) ? null : failureOf(error);
}
