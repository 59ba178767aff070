import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import { parseSteeringFile } from '../../../src/core/files/steeringFile.js';
import { MODEL } from '../engine/fakeDetection.js';
import { fakeModel, steermoe } from './commandLine.js';

let folder: string;
let pairs: string;
let experts: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-cli-'));
  pairs = join(folder, 'x.pairs.jsonl');
  experts = join(folder, 'x.experts.json');
  const lines = [
    { name: 'Yes or no', labels: { a: 'yes', b: 'no' } },
    { prompt: 'One?', a: 'yes yes', b: 'no' },
    { prompt: 'Two?', a: 'yes indeed', b: 'no never' },
    { prompt: 'Three?', a: 'yes', b: 'no way' },
  ];
  await writeFile(pairs, lines.map((line) => JSON.stringify(line)).join('\n'));
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const detect = () => steermoe(['detect', pairs, '--model', 'demo', '--json']);

describe('usage', () => {
  it.each([
    [['nonsense']],
    [['detect', 'x.pairs.jsonl']],
    [['info']],
    [['chat', 'Hi', '--model', 'demo', '--temperature', 'warm']],
    [['chat', 'Hi', '--model', 'demo', '--compare']],
    [['chat', 'Hi', '--model', 'demo', '--toward', 'a']],
    [['chat', ' ', '--model', 'demo']],
    [['detect', 'x', '--model', 'demo', '--limit', '0']],
    [[]],
  ])('%j ends with 2 and says how to go on', async (args) => {
    const { code, out, err } = await steermoe(args);
    expect(code).toBe(2);
    expect(out).toBe('');
    expect(err).toMatch(/^(steermoe: [A-Z-]|Usage)/);
  });

  it('helps on stdout and names the exit codes', async () => {
    const { code, out } = await steermoe(['--help']);
    expect(code).toBe(0);
    expect(out).toMatch(/0 done; 1 the input has problems.*\n.*130/);
  });
});

describe('info', () => {
  it('prints what a model is', async () => {
    const { out } = await steermoe(['info', 'demo']);
    expect(out).toMatch(/MoE layers +2 \(1-2 of 3 blocks\)/);
    expect(JSON.parse((await steermoe(['info', 'demo', '--json'])).out)).toMatchObject({
      architecture: 'qwen3moe',
      moeLayers: [1, 2],
      experts: 4,
      expertsPerToken: 2,
      context: 512,
    });
  });
});

describe('check', () => {
  it('names the place of problems and ends with 1', async () => {
    await writeFile(pairs, '{"prompt": "x", "a": "1", "b": "2"}\n{"prompt": "x", "a": 1\n');
    const { code, out } = await steermoe(['check', pairs]);
    expect(code).toBe(1);
    expect(out).toMatch(/^.*x\.pairs\.jsonl:2:23: Invalid JSON/);
  });

  it('does not fail on warnings alone', async () => {
    await writeFile(pairs, '{"prompt": "x", "a": "1", "b": "2", "note": "mine"}\n');
    const { code, out } = await steermoe(['check', pairs]);
    expect(code).toBe(0);
    expect(out).toContain(':1:45: warning: Unknown field "note"');
  });

  it('reads lists of experts and plans, and files that are not there', async () => {
    await detect();
    expect(await steermoe(['check', pairs, experts])).toMatchObject({ code: 0, out: '' });
    await writeFile(experts, (await readFile(experts, 'utf8')).replace('"version": 1', '"version": 7'));
    expect(await steermoe(['check', experts])).toMatchObject({ code: 1 });
    const missing = await steermoe(['check', join(folder, 'none.jsonl')]);
    expect(missing).toMatchObject({ code: 1 });
    expect(missing.out).toContain('There is no file');
  });
});

describe('detect', () => {
  it('prints one JSON document with every expert of every layer, ranked', async () => {
    const { code, out } = await detect();
    expect(code).toBe(0);
    const document = JSON.parse(out) as { experts: { layer: number; riskDifference: number }[]; tokens: unknown };
    expect(document).toMatchObject({ pairs: 3, model: { architecture: 'qwen3moe', layers: 3, experts: 4 } });
    expect(document.experts).toHaveLength(8);
    const ranks = document.experts.map(({ riskDifference }) => Math.abs(riskDifference));
    expect(ranks).toEqual([...ranks].sort((x, y) => y - x));
    expect(new Set(document.experts.map(({ layer }) => layer))).toEqual(new Set([1, 2]));
    expect((await readdir(folder)).sort()).toEqual(['x.experts.json', 'x.pairs.jsonl']);
  });

  it('uses the good lines, names the bad ones, and ends with 1', async () => {
    await writeFile(pairs, '{"prompt": "x", "a": "1", "b": "2"}\nnonsense\n');
    const { code, out, err } = await steermoe(['detect', pairs, '--model', 'demo', '--json']);
    expect(code).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ pairs: 1 });
    expect(err).toMatch(/x\.pairs\.jsonl:2:1: Invalid JSON/);
  });

  it('fails on an empty file without starting an engine', async () => {
    await writeFile(pairs, '');
    const load = () => Promise.reject(new Error('The engine was started.'));
    const { code, out, err } = await steermoe(['detect', pairs, '--model', 'demo'], { engine: { load } });
    expect(code).toBe(1);
    expect(out).toBe('');
    expect(err).toContain('x.pairs.jsonl:1:1: This file is empty');
  });

  it('ends with 3 when the engine crashes, with 130 when it is stopped', async () => {
    const crash = () => Promise.reject(new HumanError('engine-crashed', 'The engine was killed.', 'Try again.'));
    const crashed = await steermoe(['detect', pairs, '--model', 'demo'], { engine: { detect: crash } });
    expect(crashed).toMatchObject({ code: 3, out: '', err: 'steermoe: The engine was killed. Try again.\n' });
    const stop = () => Promise.reject(new HumanError('cancelled', 'The detection was stopped.', ''));
    expect((await steermoe(['detect', pairs, '--model', 'demo'], { engine: { detect: stop } })).code).toBe(130);
  });
});

describe('plan', () => {
  it('writes a plan toward a side or its label', async () => {
    await detect();
    const file = join(folder, 'p.steering.json');
    const { code, out } = await steermoe(['plan', experts, '--toward', 'NO', '--on', '2', '--off', '1', '--out', file]);
    expect(code).toBe(0);
    expect(out).toContain('Toward b (no)');
    const made = parseSteeringFile(await readFile(file, 'utf8'));
    expect(made.plan.activated.length).toBeLessThanOrEqual(2);
    expect(made.origin).toEqual({ experts: 'x.experts.json', toward: 'b', label: 'no', on: 2, off: 1 });
    expect(made.model.tensors).toBe(MODEL.fingerprint.tensors);
  });

  it.each([
    [['--toward', 'maybe'], 2],
    [[], 2],
    [['--toward', 'a', '--mode', 'paper', '--strength', '2'], 2],
    [['--toward', 'a', '--layers', '9-3'], 2],
    [['--toward', 'a', '--layers', '7-9'], 1],
  ])('%j ends with %i and writes nothing', async (args, expected) => {
    await detect();
    const file = join(folder, 'p.steering.json');
    expect((await steermoe(['plan', experts, '--out', file, ...args])).code).toBe(expected);
    expect(await readdir(folder)).not.toContain('p.steering.json');
  });
});

describe('chat', () => {
  it('prints the answer alone', async () => {
    const { out } = await steermoe(['chat', 'Hello', '--model', 'demo', '--system', 'Be kind.']);
    expect(out).toBe('Be kind. / Hello with 0\n');
  });

  it('compares in turn, and in one JSON document', async () => {
    await detect();
    const args = ['chat', '-', '--model', 'demo', '--experts', experts, '--toward', 'a', '--on', '1', '--compare'];
    const { out } = await steermoe(args, { input: 'Hi\n' });
    expect(out).toBe('--- baseline\nHi with 0\n\n--- steered\nHi with 1\n');
    const json = await steermoe([...args, '--json', '--seed', '7'], { input: 'Hi\n' });
    expect(JSON.parse(json.out)).toMatchObject({
      prompt: 'Hi',
      seed: 7,
      baseline: { text: 'Hi with 0', tokens: 3, tokensPerSecond: 10 },
      steered: { text: 'Hi with 1' },
      plan: { activated: [[expect.any(Number), expect.any(Number)]], deactivated: [], dropped: [] },
    });
    expect(json.err).toBe('');
  });

  it('compares side by side where a person has room for it', async () => {
    await detect();
    const args = ['chat', 'Hi', '--model', 'demo', '--experts', experts, '--toward', 'a', '--compare'];
    const { out } = await steermoe(args, { isTTY: true, columns: 120 });
    expect(out).toMatch(/^baseline +\| steered\n-+\+-+\nHi with 0 +\| Hi with \d\n$/);
  });

  it('refuses a plan that was made for another model', async () => {
    await detect();
    const other = { ...MODEL, fingerprint: { ...MODEL.fingerprint, tensors: 'b'.repeat(64) } };
    const args = ['chat', 'Hi', '--model', 'demo', '--experts', experts, '--toward', 'a'];
    const { code, err } = await steermoe(args, { engine: { ...fakeModel(), load: () => Promise.resolve(other) } });
    expect(code).toBe(1);
    expect(err).toContain('other weights');
  });
});
