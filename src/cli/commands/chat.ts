import { randomInt } from 'node:crypto';
import type { Message } from '../../core/pairs/pair.js';
import { EMPTY_PLAN } from '../../core/plans/plan.js';
import { chosenThinking } from '../../core/thinking.js';
import type { LaneRequest, LaneResult } from '../../protocol/engine.js';
import { EXIT, UsageError } from '../exitCode.js';
import { loadModel } from '../loadModel.js';
import type { MachineOptions, ThinkingOptions } from '../options.js';
import { choosePlan, type PlanArguments } from '../planOptions.js';
import { answerView } from '../show/answers.js';
import { droppedText, planJson } from '../show/plan.js';
import type { Surroundings } from '../surroundings.js';

export interface ChatOptions extends PlanArguments, MachineOptions, ThinkingOptions {
  model: string;
  compare?: true;
  system?: string;
  maxTokens: number;
  temperature: number;
  topK: number;
  topP: number;
  minP: number;
  seed?: number;
  context: number;
  json?: true;
}

/** `steermoe chat PROMPT`: one answer, streamed; with --compare the unsteered and the steered one of the same seed. */
export async function chat(around: Surroundings, given: string, options: ChatOptions): Promise<number> {
  const { terminal, signal } = around;
  const planFor = await choosePlan(options);
  const prompt = given === '-' ? (await terminal.readInput()).replace(/\r?\n$/, '') : given;
  if (prompt.trim() === '') throw new UsageError('The prompt is empty.');
  if (options.compare && options.plan === undefined && options.experts === undefined)
    throw new UsageError('--compare needs a plan: --plan F, or --experts F --toward a|b.');
  const { engine, model } = await loadModel(around, options.model, options, {
    contextSize: options.context,
    lanes: options.compare ? 2 : 1,
  });
  const thinking = chosenThinking(model, options.thinking);
  const chosen = planFor(model);
  if (!options.json && chosen.dropped.length > 0) terminal.err.write(droppedText(chosen.dropped));
  const ids = options.compare ? ['baseline', 'steered'] : [chosen.given ? 'steered' : 'baseline'];
  const seed = options.seed ?? randomInt(2 ** 32);
  const lanes = ids.map((id): LaneRequest => ({
    id,
    messages: messagesOf(prompt, options.system),
    plan: id === 'steered' ? chosen.plan : EMPTY_PLAN,
    sampling: {
      temperature: options.temperature,
      topK: options.topK,
      topP: options.topP,
      minP: options.minP,
      seed,
    },
    maxTokens: options.maxTokens,
    ...(thinking && { thinking }),
    routing: false,
  }));
  const view = options.json ? undefined : answerView(terminal, ids);
  const results = await engine.generate(lanes, {
    onEvent: (event) => {
      if (event.kind === 'token') view?.append(event.lane, event.text);
    },
    signal,
  });
  view?.end(results);
  if (options.json) {
    const answers = Object.fromEntries(results.map((result) => [result.id, answerJson(result)]));
    const document = {
      prompt,
      seed,
      ...(thinking && { thinking }),
      ...answers,
      plan: planJson(chosen.plan, chosen.dropped),
    };
    terminal.out.write(`${JSON.stringify(document)}\n`);
  }
  return EXIT.done;
}

export function messagesOf(prompt: string, system?: string): Message[] {
  const user: Message = { role: 'user', content: prompt };
  return system === undefined ? [user] : [{ role: 'system', content: system }, user];
}

function answerJson({ text, tokens, tokensPerSecond, promptTokens, stop }: LaneResult) {
  return { text, tokens, tokensPerSecond, promptTokens, stop };
}
