import { basename, dirname, join } from 'node:path';
import { HumanError } from '../../../src/core/humanError.js';
import type { ModelDescription } from '../../../src/core/model.js';
import type { Conversation, PairSet } from '../../../src/core/pairs/pair.js';
import type { Engine } from '../../../src/engine/client.js';
import type { DetectionJob } from '../../../src/engine/detectionJob.js';
import type { DetectionPair, PairCounts } from '../../../src/protocol/engine.js';

export const MODEL: ModelDescription = {
  architecture: 'qwen3moe',
  name: 'Fake',
  moeLayers: [1, 2],
  layers: 3,
  experts: 4,
  expertsPerToken: 2,
  fingerprint: { architecture: 'qwen3moe', layers: 3, experts: 4, expertsPerToken: 2, tensors: 'a'.repeat(64) },
  trainedContext: 512,
  parameters: 1000,
  bytes: 2000,
  quantization: 'F16',
  chatTemplate: '{{ messages }}',
};

export function conversation(prompt: string, answer: string): Conversation {
  return {
    messages: [
      { role: 'user', content: prompt },
      { role: 'assistant', content: answer },
    ],
    target: { message: 1, start: 0, end: answer.length },
  };
}

/** Six pairs on the lines 2 to 7. */
export function pairSet(): PairSet {
  return {
    name: 'Fake pairs',
    labels: { a: 'yes', b: 'no' },
    pairs: Array.from({ length: 6 }, (_, i) => ({
      a: conversation(`Prompt ${i}`, `yes ${i}`),
      b: conversation(`Prompt ${i}`, `no ${i}`),
      line: i + 2,
    })),
  };
}

export function jobFor(out: string, engine: Pick<Engine, 'detect'>): DetectionJob {
  const pairsFile = join(dirname(out), basename(out).replace('.experts.json', '.pairs.jsonl'));
  return { engine, model: MODEL, set: pairSet(), pairsFile, out, replicates: 50 };
}

export interface FakeEngine extends Pick<Engine, 'detect'> {
  asked: DetectionPair[];
  stopped: boolean;
}

/** Gives counts that depend on the pair's text alone; crashes after so many pairs; fails the pairs named by line order. */
export function fakeEngine({ crashAfter = Infinity, fails = [] as number[] } = {}): FakeEngine {
  const fake: FakeEngine = {
    asked: [],
    stopped: false,
    async detect({ pairs, routing }, handlers) {
      fake.asked.push(...pairs);
      for (const [done, pair] of pairs.entries()) {
        await new Promise((resolve) => setImmediate(resolve));
        if (handlers.signal?.aborted) {
          fake.stopped = true;
          throw new HumanError('cancelled', 'The detection was stopped.', 'Start it again to go on.');
        }
        if (done === crashAfter)
          throw new HumanError('engine-crashed', 'The engine was killed (SIGKILL).', 'Try again.');
        if (fails.includes(pair.index))
          handlers.onFailed({
            index: pair.index,
            reason: 'conversation-too-long',
            message: 'Too long.',
            next: 'Shorten it.',
          });
        else handlers.onPair(countsOf(pair, routing));
      }
      return { pairs: pairs.length, failed: 0, computedTokens: 0, conversationTokens: 0, milliseconds: 1 };
    },
  };
  return fake;
}

function countsOf(pair: DetectionPair, routing: boolean): PairCounts {
  const side = (conversation: Conversation) => {
    const text = conversation.messages[1]!.content;
    const tokens = Int32Array.from(text, (character) => character.charCodeAt(0));
    const experts = Uint16Array.from(
      [...tokens].flatMap((token) => [token % 4, (token + 1) % 4, (token >> 2) % 4, ((token >> 2) + 2) % 4]),
    );
    const counts = new Uint32Array(8);
    experts.forEach((expert, i) => counts[(i % 4 < 2 ? 0 : 4) + expert]!++);
    return { tokens, experts, counts };
  };
  const [a, b] = [side(pair.a), side(pair.b)];
  return {
    index: pair.index,
    tokens: { a: a.tokens.length, b: b.tokens.length },
    counts: { a: a.counts, b: b.counts },
    ...(routing && { routing: { a, b } }),
  };
}
