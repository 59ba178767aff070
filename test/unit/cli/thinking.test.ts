import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { parseExpertsFile } from '../../../src/core/files/expertsFile.js';
import type { ModelDescription } from '../../../src/core/model.js';
import type { Engine } from '../../../src/engine/client.js';
import type { DetectParams, LaneRequest, RenderParams } from '../../../src/protocol/engine.js';
import { fakeEngine, MODEL } from '../engine/fakeDetection.js';
import { fakeModel, steermoe } from './commandLine.js';

const THINKER: ModelDescription = { ...MODEL, thinking: { variable: 'enable_thinking', modes: ['off', 'on'] } };

let folder: string;
let pairs: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-thinking-'));
  pairs = join(folder, 'x.pairs.jsonl');
  const lines = [
    { labels: { a: 'yes', b: 'no' } },
    { prompt: 'One?', a: 'yes', b: 'no' },
    { prompt: 'Two?', a: 'yes yes', b: 'no no' },
  ];
  await writeFile(pairs, lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

/** An engine that keeps what it was asked, and renders messages as `role: content`, a token a character. */
function engine(model: ModelDescription = THINKER) {
  const asked = { detect: [] as DetectParams[], lanes: [] as LaneRequest[], render: [] as RenderParams[] };
  const fake: Partial<Engine> = {
    ...fakeModel(),
    inspect: () => Promise.resolve(model),
    load: () => Promise.resolve(model),
    detect: (params, handlers) => {
      asked.detect.push(params);
      return fakeEngine().detect(params, handlers);
    },
    generate: (lanes, handlers) => {
      asked.lanes.push(...lanes);
      return fakeModel().generate!(lanes, handlers);
    },
    render: (params) => {
      asked.render.push(params);
      const parts = params.messages.map(({ role, content }) => `${role}: ${content}\u001b[2J\n`);
      const text = parts.join('');
      const { message, start, end } = params.target!;
      const at = parts.slice(0, message).join('').length + `${params.messages[message]!.role}: `.length;
      const each = Int32Array.from(text, (_, i) => i);
      return Promise.resolve({
        text,
        tokens: each,
        start: each,
        end: each.map((i) => i + 1),
        target: { from: at + start, to: at + end },
      });
    },
  };
  return { asked, fake };
}

describe('--thinking', () => {
  it('of detect goes to the engine and into the list; off where nothing is said', async () => {
    for (const [args, expected] of [
      [[], 'off'],
      [['--thinking', 'on'], 'on'],
      [['--thinking', 'model'], undefined],
    ] as const) {
      const { asked, fake } = engine();
      const { code, out } = await steermoe(['detect', pairs, '--model', 'demo', ...args], { engine: fake });
      expect(code).toBe(0);
      expect(asked.detect[0]!.thinking).toBe(expected);
      const file = parseExpertsFile(await readFile(join(folder, 'x.experts.json'), 'utf8'));
      expect(file.options.thinking).toBe(expected);
      if (expected) expect(out).toContain(`; thinking ${expected}`);
      else expect(out).not.toContain('; thinking');
    }
  });

  it('of chat goes to every lane', async () => {
    const { asked, fake } = engine();
    await steermoe(['chat', 'Hi', '--model', 'demo', '--thinking', 'on'], { engine: fake });
    const { out } = await steermoe(['chat', 'Hi', '--model', 'demo', '--json'], { engine: fake });
    expect(asked.lanes.map(({ thinking }) => thinking)).toEqual(['on', 'off']);
    expect(JSON.parse(out)).toMatchObject({ thinking: 'off' });
  });

  it('is refused in a sentence where the model cannot, and only where it was asked for', async () => {
    const { asked, fake } = engine(MODEL);
    const { code, err } = await steermoe(['chat', 'Hi', '--model', 'demo', '--thinking', 'off'], { engine: fake });
    expect(code).toBe(1);
    expect(err).toMatch(/The thinking of Fake cannot be set to "off": .* no switch/);
    expect((await steermoe(['chat', 'Hi', '--model', 'demo'], { engine: fake })).code).toBe(0);
    expect(asked.lanes[0]).not.toHaveProperty('thinking');
    const other = await steermoe(['chat', 'Hi', '--model', 'demo', '--thinking', 'high'], { engine: engine().fake });
    expect(other.err).toMatch(/Choose "off", "on"/);
    expect((await steermoe(['chat', 'Hi', '--model', 'demo', '--thinking', 'much'])).code).toBe(2);
  });

  it('is what info tells of', async () => {
    const { fake } = engine();
    expect((await steermoe(['info', 'demo'], { engine: fake })).out).toMatch(
      /^thinking +can be switched \(enable_thinking\): off, on$/m,
    );
    expect((await steermoe(['info', 'demo'])).out).toMatch(/^thinking +no switch in the chat template$/m);
  });
});

describe('render', () => {
  it('shows both sides as detection reads them, without what would move the cursor', async () => {
    const { asked, fake } = engine();
    const { code, out } = await steermoe(['render', pairs, '--model', 'demo', '--pair', '2'], { engine: fake });
    expect(code).toBe(0);
    expect(out).toBe(
      'thinking: off\n' +
        '===== yes: 38 tokens, 7 of them compared (between ⟦ and ⟧) =====\nuser: Two?[2J\nassistant: ⟦yes yes⟧[2J\n\n\n' +
        '===== no: 36 tokens, 5 of them compared (between ⟦ and ⟧) =====\nuser: Two?[2J\nassistant: ⟦no no⟧[2J\n\n',
    );
    expect(asked.render.map(({ thinking, generationPrompt }) => [thinking, generationPrompt])).toEqual([
      ['off', false],
      ['off', false],
    ]);
  });

  it('gives the same as JSON', async () => {
    const { out } = await steermoe(['render', pairs, '--model', 'demo', '--json'], { engine: engine(MODEL).fake });
    const { pair, line, labels, a, thinking } = JSON.parse(out) as Record<string, unknown> & {
      a: { text: string; target: { start: number; end: number; tokens: number } };
    };
    expect({ pair, line, labels, thinking }).toEqual({ pair: 1, line: 2, labels: { a: 'yes', b: 'no' } });
    expect(a.text.slice(a.target.start, a.target.end)).toBe('yes');
    expect(a.target.tokens).toBe(3);
  });

  it('says which pairs there are', async () => {
    const { code, err } = await steermoe(['render', pairs, '--model', 'demo', '--pair', '3']);
    expect(code).toBe(1);
    expect(err).toMatch(/has 2 pairs that can be used, and no pair 3/);
  });
});
