import { expect } from 'vitest';
import { planOfBoard } from '../../src/core/plans/board.js';
import { planKey } from '../../src/core/plans/planKey.js';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import type { PlaygroundContract, PlaygroundSnapshot, SideAnswer, Turn } from '../../src/protocol/webview.js';
import { openWebview, type FakeHost } from './fakeHost.js';
import { demoLike, TWO_AND_TWO } from './fixtures/expertsFiles.js';

type Options = NonNullable<Parameters<typeof openWebview<PlaygroundContract>>[1]>;
export type PlaygroundHost = FakeHost<PlaygroundContract>;

/** An answer that has ended, a token a word. */
export function answerOf(text: string, part: Partial<SideAnswer> = {}): SideAnswer {
  const tokenEnds: number[] = [];
  for (const { index, 0: word } of text.matchAll(/\s*\S+/g)) tokenEnds.push(index + word.length);
  return {
    text,
    tokenEnds,
    state: 'done',
    stop: 'end',
    tokensPerSecond: 61.3,
    failure: null,
    planKey: 'none',
    planWords: 'no plan',
    ...part,
  };
}

export const PLAN_WORDS = 'toward digits +2 −2';

export function countingTurn(steeredKey: string, part: Partial<Turn> = {}): Turn {
  return {
    id: 1,
    prompt: 'Count from 3 to 8.',
    baseline: answerOf('three, four, five, six, seven, eight'),
    steered: answerOf('3, 4, 5, 6, 7, 8', { planKey: steeredKey, planWords: PLAN_WORDS }),
    ...part,
  };
}

/** What a host shows that has the demo model and its list; the key follows the board. */
export function playgroundSnapshot(part: Partial<PlaygroundSnapshot> = {}): PlaygroundSnapshot {
  const { list = { fileName: 'digits-or-words.experts.json', file: demoLike() }, board = TWO_AND_TWO } = part;
  const { file } = list ?? { file: demoLike() };
  const { plan } = planOfBoard(board, list ? statisticsOf(file) : [], file.model);
  const { moeLayers, experts, expertsPerToken } = file.model;
  return {
    model: { name: 'demo', summary: 'qwen3moe, 4 layers x 32 experts, top-4', moeLayers, experts, expertsPerToken },
    engine: { state: 'ready', words: 'ready', failure: null },
    list,
    lists: [
      { uri: 'file:///w/digits-or-words.experts.json', label: 'digits-or-words' },
      { uri: 'file:///w/refuse-or-comply.experts.json', label: 'refuse-or-comply' },
    ],
    plans: [{ uri: 'file:///w/digits.steering.json', label: 'digits +2 −2' }],
    board,
    planKey: planKey(plan),
    dropped: [],
    settings: {
      compare: true,
      systemPrompt: '',
      sampling: { temperature: 0, topK: 40, topP: 0.95, minP: 0.05, seed: 42 },
      maxTokens: 512,
      thinking: 'off',
    },
    turns: [],
    answering: null,
    draft: null,
    ...part,
  };
}

/** The playground with a host that keeps what it is told and sends it back whole, as the extension does. */
export async function openPlayground(
  options: Options & { part?: Partial<PlaygroundSnapshot> } = {},
): Promise<PlaygroundHost> {
  const { part = {}, handlers, ...rest } = options;
  const kept = { ...part };
  const host: PlaygroundHost = await openWebview<PlaygroundContract>('playground', {
    handlers: {
      setBoard: async ({ board }) => {
        kept.board = board;
        await host.snapshot(playgroundSnapshot(kept));
        return { ok: null };
      },
      setSettings: async ({ settings }) => {
        kept.settings = settings;
        await host.snapshot(playgroundSnapshot(kept));
        return { ok: null };
      },
      ...Object.fromEntries(
        (
          [
            'send',
            'draftTaken',
            'stop',
            'regenerate',
            'editTurn',
            'clear',
            'copy',
            'chooseModel',
            'restartEngine',
          ] as const
        ).map((name) => [name, () => ({ ok: null })]),
      ),
      chooseList: () => ({ ok: null }),
      loadPlan: () => ({ ok: null }),
      savePlan: () => ({ ok: { file: 'digits.steering.json' } }),
      saveAsPair: () => ({ ok: { file: 'mine.pairs.jsonl' } }),
      // Experts token, token + 1, ... of every layer; the fifth token was never routed.
      tokenExperts: ({ token }) => ({
        ok: token === 5 ? null : { experts: Array.from({ length: 16 }, (_, i) => (token * 2 + i) % 32) },
      }),
      ...handlers,
    },
    ...rest,
  });
  await host.snapshot(playgroundSnapshot(kept));
  await host.page.locator('.composer').waitFor();
  return host;
}

/** Runs a test on the playground; a page error or a violation of the policy fails it. */
export async function onPlayground(
  work: (host: PlaygroundHost) => Promise<void>,
  options?: Parameters<typeof openPlayground>[0],
): Promise<void> {
  const host = await openPlayground(options);
  try {
    await work(host);
    expect(host.errors).toEqual([]);
  } finally {
    await host.close();
  }
}
