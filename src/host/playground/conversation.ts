import { HumanError } from '../../core/humanError.js';
import type { ModelDescription } from '../../core/model.js';
import { EMPTY_PLAN, type SteeringPlan } from '../../core/plans/plan.js';
import { possibleThinking } from '../../core/thinking.js';
import type { Engine } from '../../engine/client.js';
import type { LaneEvent, LaneRequest } from '../../protocol/engine.js';
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
  // As in the paper: an answer begins where the answers of the pairs began.
  thinking: 'off',
};

/** The turns of one playground: each prompt with its unsteered and its steered answer, streamed from one batch. */
export class Conversation {
  settings: PlaygroundSettings = NEW_SETTINGS;
  /** Turns whose answers have ended. A change makes a new array, and a new turn in it. */
  turns: readonly Turn[] = [];
  private readonly routing = new KeptRouting();
  private running: { turn: Turn; controller: AbortController; done: Promise<void> } | undefined;

  /** @param changed called for every token: what draws it has to limit itself */
  constructor(
    private readonly engine: Pick<Engine, 'generate'> & { model?: Pick<ModelDescription, 'thinking'> | null },
    private readonly changed: () => void,
    private readonly now: () => number = () => performance.now(),
  ) {}

  /** The turn after them that is being answered; with every token another object. */
  get answering(): Turn | null {
    return this.running?.turn ?? null;
  }

  /** Every turn, the one that is being answered last. */
  get all(): readonly Turn[] {
    return this.running ? [...this.turns, this.running.turn] : this.turns;
  }

  /** Begins to answer; resolves when the answers have ended, however they did. Never rejects after it began. */
  async send(prompt: string, steering: Steering): Promise<void> {
    if (prompt.trim() === '') throw new HumanError('file-invalid', 'The prompt is empty.', 'Write something first.');
    while (this.running) await this.stop();
    await this.answer({ id: (this.turns.at(-1)?.id ?? 0) + 1, prompt }, steering);
  }

  /** Answers a turn again, with another prompt if one is given; the turns after it are dropped. */
  async again(id: number, steering: Steering, prompt?: string): Promise<void> {
    while (this.running) await this.stop();
    const at = this.turns.findIndex((turn) => turn.id === id);
    const turn = this.turns[at];
    if (!turn) throw new HumanError('file-invalid', 'This turn is not there any more.', 'Send the prompt again.');
    for (const { id: dropped } of this.turns.slice(at)) this.routing.drop(dropped);
    this.turns = this.turns.slice(0, at);
    await this.answer({ id, prompt: prompt ?? turn.prompt }, steering);
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

  private async answer(asked: Pick<Turn, 'id' | 'prompt'>, steering: Steering): Promise<void> {
    const controller = new AbortController();
    const turn: Turn = {
      ...asked,
      baseline: this.settings.compare ? newAnswer(UNSTEERED) : null,
      steered: newAnswer(steering),
    };
    this.running = { turn, controller, done: Promise.resolve() };
    this.changed();
    this.running.done = this.run(steering.plan, controller.signal);
    await this.running.done;
  }

  private async run(plan: SteeringPlan, signal: AbortSignal): Promise<void> {
    const { id, baseline } = this.running!.turn;
    const sides: AnswerSide[] = baseline ? ['baseline', 'steered'] : ['steered'];
    const started = new Map<AnswerSide, number>();
    try {
      const results = await this.engine.generate(
        sides.map((side) => this.lane(id, side, side === 'steered' ? plan : EMPTY_PLAN)),
        {
          onEvent: (event) => {
            this.take(event, started);
          },
          signal,
        },
      );
      for (const { id: side, text, tokensPerSecond, stop } of results)
        this.change(side as AnswerSide, { text, tokensPerSecond, stop, state: 'done' });
    } catch (error) {
      for (const side of sides)
        this.change(side, {
          state: isCancelled(error) ? 'stopped' : 'failed',
          failure: isCancelled(error) ? null : failureOf(error),
        });
    } finally {
      this.turns = this.all;
      this.running = undefined;
      this.changed();
    }
  }

  private lane(turn: number, side: AnswerSide, plan: SteeringPlan): LaneRequest {
    const { sampling, maxTokens, systemPrompt } = this.settings;
    const messages = turnMessages(this.all, turn, side, systemPrompt);
    const thinking = possibleThinking(this.engine.model?.thinking, this.settings.thinking);
    return { id: side, messages, plan, sampling, maxTokens, ...(thinking && { thinking }), routing: true };
  }

  private take(event: LaneEvent, started: Map<AnswerSide, number>): void {
    const side = event.lane as AnswerSide;
    const turn = this.running?.turn;
    const answer = turn?.[side];
    if (!answer) return;
    if (event.kind === 'routing') {
      this.routing.add(turn.id, side, event.index, event.experts);
      return;
    }
    const text = answer.text + event.text;
    // The one thing that is changed in place: a copy a token would cost the square of the answer's length.
    answer.tokenEnds.push(text.length);
    const first = started.get(side) ?? this.now();
    started.set(side, first);
    const seconds = Math.max(0.001, (this.now() - first) / 1000);
    this.change(side, { text, tokensPerSecond: (answer.tokenEnds.length - 1) / seconds });
    this.changed();
  }

  private change(side: AnswerSide, part: Partial<SideAnswer>): void {
    const { running } = this;
    const answer = running?.turn[side];
    if (answer) running.turn = { ...running.turn, [side]: { ...answer, ...part } };
  }
}

const UNSTEERED = { key: 'none', words: 'unsteered' };

function newAnswer({ key, words }: Pick<Steering, 'key' | 'words'>): SideAnswer {
  return {
    text: '',
    tokenEnds: [],
    state: 'running',
    stop: null,
    tokensPerSecond: 0,
    failure: null,
    planKey: key,
    planWords: words,
  };
}
