import { describe, expect, test } from 'vitest';
import { DetectionAccumulator } from '../../../src/core/statistics/detectionAccumulator.js';
import { expertsFileOf, formatExpertsFile, parseExpertsFile } from '../../../src/core/files/expertsFile.js';
import { statisticsOf } from '../../../src/core/statistics/statisticsOf.js';
import { expertStatistics } from '../../../src/core/statistics/expertStatistics.js';
import { fileSchemas } from '../../../src/core/files/fileSchemas.js';
import type { SteeringFile } from '../../../src/core/plans/plan.js';
import { requireSameModel } from '../../../src/core/files/requireSameModel.js';
import { formatSteeringFile, parseSteeringFile } from '../../../src/core/files/steeringFile.js';
import { shapeOf, simulatePairs } from './simulation.js';

const shape = shapeOf(2, 3, 2);
const fingerprint = { architecture: 'qwen3moe', layers: 2, experts: 3, expertsPerToken: 2, tensors: 'ab12' };

interface Damageable {
  version: unknown;
  name: unknown;
  model: { moeLayers: number[]; experts: number };
  counts: { a: number[]; b: number[] };
  statistics: { low: unknown[]; q: number[] };
}

function thrown(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  return undefined;
}

describe('*.experts.json', () => {
  const truth = { a: [0.5, 0.2, 0.3, 0.7, 0.1, 0], b: [0.4, 0.3, 0.3, 0.2, 0.5, 0], spread: 0 };
  const detection = new DetectionAccumulator(6, 200);
  for (const pair of simulatePairs(12, truth, 31)) detection.add(pair);
  const statistics = expertStatistics(shape, detection);
  const file = expertsFileOf(
    {
      name: 'Digits or words',
      labels: { a: 'digits', b: 'words' },
      model: { ...shape, fingerprint },
      pairs: { file: 'digits.pairs.jsonl', fingerprint: 'cd34' },
      options: { replicates: 200 },
    },
    detection,
    statistics,
  );
  const text = formatExpertsFile(file);
  /** The file's text with a change that its type does not allow. */
  const changed = (change: (content: Damageable) => void) => {
    const content = JSON.parse(text) as Damageable;
    change(content);
    return JSON.stringify(content);
  };

  test('comes back as it was, statistics to the bit', () => {
    expect(parseExpertsFile(text)).toEqual(file);
    expect(parseExpertsFile(`\uFEFF${text}`)).toEqual(file);
    expect(statisticsOf(parseExpertsFile(text))).toEqual(statistics);
    expect(formatExpertsFile(parseExpertsFile(text))).toBe(text);
  });

  test('has each column on a line of its own', () => {
    expect(text.split('\n').filter((line) => line.includes('['))).toHaveLength(6);
    expect(text.endsWith('}\n')).toBe(true);
  });

  test('is refused where it is damaged, with the place', () => {
    const refused: [string, RegExp][] = [
      [text.slice(0, -20), /not valid JSON \(line/],
      ['{\n  "version": 1,\n  "name": NaN\n}', /line 3, column 11/],
      [changed((content) => (content.name = 5)), /"name"/],
      [changed(({ counts }) => counts.a.pop()), /"counts.a".*5 entries.*6/],
      [changed(({ statistics }) => statistics.q.push(1)), /"statistics.q"/],
      [changed(({ counts }) => (counts.b[1] = 1e6)), /"counts.b.1".*more than/],
      [changed(({ statistics }) => (statistics.low[0] = null)), /"statistics.low.0"/],
      [changed(({ model }) => model.moeLayers.reverse()), /ascend/],
      [changed(({ model }) => (model.experts = 4)), /differs from the fingerprint/],
      ['null', /the whole/],
    ];
    for (const [damaged, message] of refused) {
      const error = thrown(() => parseExpertsFile(damaged));
      expect(error).toMatchObject({ reason: 'file-invalid', message: expect.stringMatching(message) });
    }
  });

  test('of a later version asks for an update', () => {
    const later = changed((content) => (content.version = 2));
    expect(thrown(() => parseExpertsFile(later))).toMatchObject({
      reason: 'file-newer',
      next: expect.stringContaining('Update'),
    });
  });

  test('is not written with numbers that are none', () => {
    expect(() => formatExpertsFile({ ...file, statistics: { ...file.statistics, q: [NaN, 1, 1, 1, 1, 1] } })).toThrow();
  });
});

describe('*.steering.json', () => {
  const file: SteeringFile = {
    version: 1,
    model: { ...fingerprint, name: 'Test' },
    plan: {
      mode: { kind: 'soft', strength: 0.5 },
      activated: [
        { layer: 0, expert: 1 },
        { layer: 1, expert: 2 },
      ],
      deactivated: [],
    },
    origin: { experts: 'digits.experts.json', toward: 'a', label: 'digits', on: 2, off: 0, layers: [0, 1], maxQ: 0.05 },
  };

  test('comes back as it was, an expert a line', () => {
    const text = formatSteeringFile(file);
    expect(parseSteeringFile(text)).toEqual(file);
    expect(text).toContain('\n      { "layer": 0, "expert": 1 },\n');
    const paper = { ...file, plan: { ...file.plan, mode: { kind: 'paper' as const } } };
    delete paper.origin;
    expect(parseSteeringFile(formatSteeringFile(paper))).toEqual(paper);
  });

  test('is refused where it is damaged', () => {
    const text = formatSteeringFile(file);
    for (const damaged of [
      text.replace('"soft"', '"hard"'),
      text.replace('0.5', '11'),
      text.replace('"expert": 1', '"expert": -1'),
      text.replace('"version": 1', '"version": "1"'),
    ]) {
      expect(thrown(() => parseSteeringFile(damaged))).toMatchObject({ reason: 'file-invalid' });
    }
  });
});

test('another model is refused in words, by the first field that differs', () => {
  const mismatch = (change: object) =>
    thrown(() => {
      requireSameModel(fingerprint, { ...fingerprint, ...change }, 'This steering plan');
    });
  expect(mismatch({})).toBeUndefined();
  for (const [change, words] of [
    [
      { architecture: 'olmoe', experts: 64 },
      'a model of architecture qwen3moe, but the loaded one is a model of architecture olmoe',
    ],
    [{ layers: 3 }, '2 layers'],
    [{ experts: 64 }, '3 experts a layer'],
    [{ expertsPerToken: 1 }, 'selects 2 experts'],
    [{ tensors: 'ff' }, 'other weights'],
  ] as const) {
    expect(mismatch(change)).toMatchObject({ reason: 'plan-mismatch', message: expect.stringContaining(words) });
  }
});

test('JSON schemas describe what the files hold', () => {
  const { experts, steering } = fileSchemas();
  expect(experts).toMatchObject({ $schema: 'http://json-schema.org/draft-07/schema#', type: 'object' });
  expect((experts as { required: string[] }).required).toContain('counts');
  expect((steering as { required: string[] }).required).toEqual(['version', 'model', 'plan']);
});
