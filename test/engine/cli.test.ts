import { existsSync } from 'node:fs';
import { copyFile, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parseExpertsFile } from '../../src/core/files/expertsFile.js';
import { readJournal } from '../../src/core/files/detectionJournal.js';
import { corrupt, CORRUPTIONS, type Corruption } from '../fixtures/corrupt.js';
import { dense, qwen3moe, withoutTemplate } from '../fixtures/models/presets.js';
import { ensureModel } from '../fixtures/models/ensure.js';
import { engines, start, until, type Ended } from './steermoeProcess.js';

/** Threads wait for each other by spinning: more than one would crawl beside other work. */
const ONE_CORE = ['--gpu', 'cpu', '--threads', '1'];

let model: string;
let folder: string;
let pairs: string;
let out: string;

beforeAll(async () => {
  model = await ensureModel(qwen3moe());
});
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'steermoe-cli-')));
  pairs = join(folder, 'x.pairs.jsonl');
  out = join(folder, 'x.experts.json');
  await writeFile(pairs, lines(8));
});
afterEach(async () => {
  await until(() => engines(folder).length === 0, 10);
  await rm(folder, { recursive: true, force: true });
});

/** Pairs as lines 1 to n; `words` makes them long. */
function lines(n: number, words = 1): string {
  const text = (i: number, word: string): string => `${word} ${i} `.repeat(words).trim();
  return Array.from({ length: n }, (_, i) =>
    JSON.stringify({ prompt: `Question ${i}?`, a: text(i, 'Yes'), b: text(i, 'No') }),
  ).join('\n');
}

/** Runs to the end and looks at what every run must keep to. */
async function steermoe(...args: string[]): Promise<Ended> {
  const ended = await start(folder, args).ended;
  expect(ended.out + ended.err).not.toContain('\x1b');
  expect(ended.err).not.toMatch(/\n\s+at /);
  return ended;
}

const detect = (...more: string[]): Promise<Ended> => steermoe('detect', pairs, '--model', model, ...ONE_CORE, ...more);

async function pairsInJournal(): Promise<number> {
  return readJournal(await readFile(`${out}.partial`, 'utf8').catch(() => '')).pairs.length;
}

describe('steermoe detect', () => {
  it('prints one JSON document, and the selections add up to its counts', async () => {
    const routing = join(folder, 'r.jsonl');
    const { code, out: text } = await detect('--json', '--routing', routing);
    expect(code).toBe(0);
    const document = JSON.parse(text) as {
      tokens: { a: number; b: number };
      experts: { layer: number; expert: number; a: number; b: number }[];
    };
    expect(document.experts).toHaveLength(4 * 16);
    const counts = new Map<string, number>();
    const tokens = { a: 0, b: 0 };
    const rows = (await readFile(routing, 'utf8')).trim().split('\n');
    expect(rows).toHaveLength(16);
    for (const [i, row] of rows.entries()) {
      const line = JSON.parse(row) as { pair: number; side: 'a' | 'b'; tokens: number[]; experts: number[][][] };
      expect([line.pair, line.side]).toEqual([Math.floor(i / 2), i % 2 === 0 ? 'a' : 'b']);
      expect(line.experts).toHaveLength(line.tokens.length);
      tokens[line.side] += line.tokens.length;
      for (const token of line.experts)
        for (const [layer, selected] of token.entries()) {
          expect(new Set(selected).size).toBe(4);
          for (const expert of selected) {
            const key = `${line.side} ${layer} ${expert}`;
            counts.set(key, (counts.get(key) ?? 0) + 1);
          }
        }
    }
    expect(document.tokens).toEqual(tokens);
    for (const { layer, expert, a, b } of document.experts)
      expect([a, b]).toEqual([counts.get(`a ${layer} ${expert}`) ?? 0, counts.get(`b ${layer} ${expert}`) ?? 0]);
    expect(parseExpertsFile(await readFile(out, 'utf8')).pairs.count).toBe(8);
    expect((await readdir(folder)).sort()).toEqual(['r.jsonl', 'x.experts.json', 'x.pairs.jsonl']);
  });

  it.each([
    ['the engine is killed', 3, 'killed'],
    ['Ctrl+C', 130, 'stopped'],
    ['the command line is killed', null, ''],
  ])('keeps what is done at %s, and goes on to the same result', async (how, code, said) => {
    await writeFile(pairs, lines(60, 20));
    expect((await detect('--out', join(folder, 'whole.experts.json'))).code).toBe(0);
    const { child, ended } = start(folder, ['detect', pairs, '--model', model, ...ONE_CORE, '--json']);
    await until(async () => (await pairsInJournal()) >= 5);
    if (how === 'Ctrl+C') child.kill('SIGINT');
    else if (how === 'the command line is killed') child.kill('SIGKILL');
    else for (const pid of engines(folder)) process.kill(pid, 'SIGKILL');
    const cut = await ended;
    expect(cut.code).toBe(code);
    expect(cut.out).toBe('');
    expect(cut.err).toContain(said);
    if (code !== null) expect(cut.err).toMatch(/\d+ of 60 pairs are kept: run it again/);
    expect(existsSync(out)).toBe(false);
    const kept = await pairsInJournal();
    expect(kept).toBeLessThan(60);
    const again = await detect();
    expect(again.code).toBe(0);
    expect(again.err).toContain(`${kept} of 60 pairs were there`);
    expect(await readFile(out, 'utf8')).toBe(await readFile(join(folder, 'whole.experts.json'), 'utf8'));
    expect((await readdir(folder)).sort()).toEqual(['whole.experts.json', 'x.experts.json', 'x.pairs.jsonl']);
  });

  it('refuses a file that another process is detecting', async () => {
    await writeFile(`${out}.lock`, JSON.stringify({ pid: process.pid, host: hostname(), token: 'of the test' }));
    const { code, err } = await detect();
    expect(code).toBe(3);
    expect(err).toContain(`Another detection (process ${process.pid}) is writing`);
    expect((await readdir(folder)).sort()).toEqual(['x.experts.json.lock', 'x.pairs.jsonl']);
  });
});

describe('input that cannot be used', () => {
  it.each(Object.keys(CORRUPTIONS) as Corruption[])('model file: %s', async (how) => {
    const path = await corrupt(model, join(folder, 'broken.gguf'), how);
    const { code, out: text, err } = await steermoe('chat', 'Hi', '--model', path, ...ONE_CORE);
    expect(code).toBe(1);
    expect(text).toBe('');
    expect(err).toMatch(/^steermoe: .*broken\.gguf.*\.\n$/s);
  });

  it.each([
    ['no such file', async () => Promise.resolve(join(folder, 'none.gguf')), 'There is no model file'],
    ['dense', async () => ensureModel(dense()), 'no experts'],
  ])('model: %s', async (_, path, said) => {
    for (const command of [
      ['info'],
      ['chat', 'Hi', ...ONE_CORE, '--model'],
      ['detect', pairs, ...ONE_CORE, '--model'],
    ]) {
      const { code, out: text, err } = await steermoe(...command, await path());
      expect(code).toBe(1);
      expect(text).toBe('');
      expect(err).toContain(said);
    }
    expect(await readdir(folder)).toEqual(['x.pairs.jsonl']);
  });

  it('model without a chat template', async () => {
    const base = await ensureModel(withoutTemplate());
    expect((await steermoe('info', base)).out).toContain('none: it cannot chat');
    for (const command of [
      ['chat', 'Hi', '--model', base, ...ONE_CORE],
      ['detect', pairs, '--model', base, ...ONE_CORE],
    ]) {
      const { code, err } = await steermoe(...command);
      expect(code).toBe(1);
      expect(err).toMatch(/^steermoe: .*chat template/);
    }
    expect(await readdir(folder)).toEqual(['x.pairs.jsonl']);
  });

  it('plan for another model', async () => {
    await detect();
    const plan = join(folder, 'p.steering.json');
    expect((await steermoe('plan', out, '--toward', 'a', '--on', '2', '--out', plan)).code).toBe(0);
    const other = await ensureModel(qwen3moe({ seed: 99 }));
    for (const given of [
      ['--plan', plan],
      ['--experts', out, '--toward', 'a'],
    ]) {
      const { code, err } = await steermoe('chat', 'Hi', '--model', other, ...ONE_CORE, ...given);
      expect(code).toBe(1);
      expect(err).toContain('other weights');
    }
  });

  it.each<[string, string | Buffer, string]>([
    ['an empty file', '', ':1:1: This file is empty'],
    ['invalid JSON', `${lines(16)}\n{"prompt": "x", "a": }\n`, ':17:22: Invalid JSON'],
    [
      'invalid UTF-8',
      Buffer.concat([Buffer.from(`${lines(2)}\n{"prompt": "`), Buffer.from([0xff])]),
      ':3:13: This is not',
    ],
    [
      'a target that is not there',
      `${lines(1)}\n{"a": {"messages": [{"role": "user", "content": "x"}], "target": "y"}, "b": {"messages": [{"role": "user", "content": "x"}], "target": "x"}}`,
      ':2:',
    ],
    ['a pair longer than the context', `${lines(1)}\n${lines(1, 3000)}\n`, ':2:1: A side of the pair has'],
  ])('pairs: %s', async (what, content, said) => {
    await writeFile(pairs, content);
    const usable = what !== 'an empty file';
    if (what !== 'a pair longer than the context') {
      const checked = await steermoe('check', pairs);
      expect(checked.code).toBe(1);
      expect(checked.out).toContain(`x.pairs.jsonl${said}`);
    }
    const { code, out: text, err } = await detect('--json');
    expect(code).toBe(1);
    expect(err).toContain(`x.pairs.jsonl${said}`);
    expect(text !== '').toBe(usable);
    expect((await readdir(folder)).sort()).toEqual([...(usable ? ['x.experts.json'] : []), 'x.pairs.jsonl']);
  });

  it('a place that cannot be written', async () => {
    const { code, err } = await detect('--out', join(folder, 'none', 'x.experts.json'));
    expect(code).toBe(3);
    expect(err).toContain('its folder does not exist');
  });
});

describe('steermoe chat', () => {
  it('answers twice alike with one seed, from stdin too, and differently when steered', async () => {
    await detect();
    const more = ['--model', model, ...ONE_CORE, '--seed', '5', '--max-tokens', '20', '--json'];
    const steer = ['--experts', out, '--toward', 'b', '--on', '4', '--off', '4', '--compare'];
    const first = await steermoe('chat', 'Go on', ...more, ...steer);
    const second = await start(folder, ['chat', '-', ...more, ...steer], 'Go on\n').ended;
    expect(first.code).toBe(0);
    interface Answer {
      text: string;
      tokens: number;
    }
    const read = (text: string) => JSON.parse(text) as { baseline: Answer; steered: Answer; plan: { activated: [] } };
    const [one, other] = [read(first.out), read(second.out)];
    expect(one.baseline).toMatchObject({ text: other.baseline.text, tokens: 20 });
    expect(one.steered.text).toBe(other.steered.text);
    expect(one.steered.text).not.toBe(one.baseline.text);
    expect(one.plan.activated).toHaveLength(4);
  });

  it('stops at Ctrl+C', async () => {
    const { child, ended } = start(folder, ['chat', 'Go on', '--model', model, ...ONE_CORE, '--max-tokens', '1000']);
    await until(() => engines(folder).length > 0 || process.platform !== 'linux');
    await new Promise((resolve) => child.stdout!.once('data', resolve));
    child.kill('SIGINT');
    expect((await ended).code).toBe(130);
  });
});

describe('the demo', () => {
  it('detects, draws, steers and measures', async () => {
    const { code, out: text } = await steermoe('demo', ...ONE_CORE);
    expect(code).toBe(0);
    expect(text).toContain('Which experts tell digits from words?');
    expect(text).toMatch(/toward digits +\S+ \[/);
  });

  it('lets a plan for digits write digits', async () => {
    const demoPairs = join(folder, 'd.pairs.jsonl');
    await copyFile(new URL('../../media/demo/digits-or-words.pairs.jsonl', import.meta.url), demoPairs);
    expect((await steermoe('detect', demoPairs, '--model', 'demo', ...ONE_CORE)).code).toBe(0);
    const steer = ['--experts', join(folder, 'd.experts.json'), '--toward', 'digits', '--on', '8', '--off', '0'];
    const { out: text } = await steermoe(
      'chat',
      'Count from three to six.',
      '--model',
      'demo',
      ...steer,
      '--temperature',
      '0',
    );
    expect(text).toMatch(/^[\d, .]+\n$/);
  });
});
