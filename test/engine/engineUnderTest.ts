import { fileURLToPath } from 'node:url';
import { EMPTY_PLAN, type SteeringPlan } from '../../src/core/plans/plan.js';
import { EngineClient, type ClientOptions } from '../../src/engine/client.js';
import type { LaneRequest, LaneResult, PairCounts, PairFailure } from '../../src/protocol/engine.js';
import type { Conversation } from '../../src/core/pairs/pair.js';

export const ENGINE = fileURLToPath(new URL('../../dist/engine.mjs', import.meta.url));
export const DEMO_MODEL = fileURLToPath(new URL('../../media/demo/demo.gguf', import.meta.url));

/** A client of the built engine, on the CPU so that every machine computes alike. */
export function startEngine(options: ClientOptions = {}): EngineClient {
  return new EngineClient({ gpu: 'cpu', enginePath: ENGINE, ...options });
}

/** A lane that answers one user message greedily, unless told otherwise. */
export function ask(prompt: string, changes: Partial<LaneRequest> = {}): LaneRequest {
  return {
    id: 'lane',
    messages: [{ role: 'user', content: prompt }],
    plan: EMPTY_PLAN,
    sampling: { temperature: 0, topK: 0, topP: 1, minP: 0, seed: 1 },
    maxTokens: 24,
    routing: false,
    ...changes,
  };
}

export function warm(seed: number): LaneRequest['sampling'] {
  return { temperature: 1, topK: 0, topP: 1, minP: 0, seed };
}

export function paperPlan(activated: [number, number][], deactivated: [number, number][] = []): SteeringPlan {
  const experts = (list: [number, number][]): SteeringPlan['activated'] =>
    list.map(([layer, expert]) => ({ layer, expert }));
  return { mode: { kind: 'paper' }, activated: experts(activated), deactivated: experts(deactivated) };
}

/** Everything that one request said: results, the ids of the answer tokens and their selections. */
export interface Heard {
  results: LaneResult[];
  tokens: Map<string, number[]>;
  text: Map<string, string>;
  /** By lane, then by number of the answer token: L x k expert ids. */
  routing: Map<string, Map<number, number[]>>;
}

export async function hear(engine: EngineClient, lanes: LaneRequest[]): Promise<Heard> {
  const heard: Heard = { results: [], tokens: new Map(), text: new Map(), routing: new Map() };
  for (const { id } of lanes) {
    heard.tokens.set(id, []);
    heard.text.set(id, '');
    heard.routing.set(id, new Map());
  }
  heard.results = await engine.generate(lanes, {
    onEvent(event) {
      if (event.kind === 'routing') heard.routing.get(event.lane)!.set(event.index, [...event.experts]);
      else {
        heard.tokens.get(event.lane)!.push(event.token);
        heard.text.set(event.lane, heard.text.get(event.lane)! + event.text);
      }
    },
  });
  return heard;
}

/** A conversation of one question and one answer; the answer is the target. */
export function conversation(question: string, answer: string): Conversation {
  return {
    messages: [
      { role: 'user', content: question },
      { role: 'assistant', content: answer },
    ],
    target: { message: 1, start: 0, end: answer.length },
  };
}

export async function detectAll(
  engine: EngineClient,
  pairs: { a: Conversation; b: Conversation }[],
  routing = false,
): Promise<{ counts: PairCounts[]; failures: PairFailure[] }> {
  const counts: PairCounts[] = [];
  const failures: PairFailure[] = [];
  await engine.detect(
    { pairs: pairs.map((pair, index) => ({ index, ...pair })), routing },
    { onPair: (pair) => counts.push(pair), onFailed: (failure) => failures.push(failure) },
  );
  return { counts, failures };
}
