import { expect, test } from 'vitest';
import { decodeCounts, encodeCounts } from '../../../src/core/files/countCode.js';
import { DetectionAccumulator } from '../../../src/core/statistics/detectionAccumulator.js';
import {
  encodeJournalHeader,
  encodePairCounts,
  isSameJournal,
  journalHeader,
  readJournal,
} from '../../../src/core/files/detectionJournal.js';
import { expertStatistics } from '../../../src/core/statistics/expertStatistics.js';
import { shapeOf, simulatePairs, uniform } from './simulation.js';

const model = { architecture: 'qwen3moe', layers: 2, experts: 8, expertsPerToken: 2, tensors: 'ab12' };
const about = { model, experts: 16, template: { enable_thinking: false } };
const rates = Array.from({ length: 16 }, (_, i) => i / 20);
const pairs = simulatePairs(5, { a: rates, b: [...rates].reverse(), spread: 0 }, 17);
const journal = encodeJournalHeader(about) + pairs.map((pair) => encodePairCounts(`f${pair.index}`, pair)).join('');

test('counts come back whatever they are', () => {
  const random = uniform(5);
  for (const counts of [
    new Uint32Array(0),
    new Uint32Array(300),
    Uint32Array.from([0, 1, 127, 128, 16383, 16384, 2 ** 32 - 1, 0]),
    Uint32Array.from({ length: 500 }, () => (random() < 0.8 ? 0 : Math.floor(random() * 1000))),
  ]) {
    expect(decodeCounts(encodeCounts(counts), counts.length)).toEqual(counts);
    expect(decodeCounts(encodeCounts(counts), counts.length + 1)).toBeUndefined();
  }
  for (const text of ['%', 'gA==', '/////////////w==', 'AA==']) expect(decodeCounts(text, 3)).toBeUndefined();
  expect(encodeCounts(new Uint32Array(6144)).length).toBeLessThan(10);
});

test('what was written is read, and gives the same statistics as without a crash', () => {
  const { header, pairs: read, torn } = readJournal(journal);
  expect(header).toEqual(journalHeader(about));
  expect(torn).toBe(false);
  expect(read).toEqual(pairs.map(({ index, tokens, counts }) => ({ fingerprint: `f${index}`, tokens, counts })));
  const straight = new DetectionAccumulator(16, 100);
  for (const pair of pairs) straight.add(pair);
  const resumed = new DetectionAccumulator(16, 100);
  resumed.add(pairs[4]!);
  read.slice(0, 4).forEach(({ tokens, counts }, index) => {
    resumed.add({ index, tokens, counts });
  });
  expect(expertStatistics(shapeOf(2, 8), resumed)).toEqual(expertStatistics(shapeOf(2, 8), straight));
});

test('cut off anywhere, every whole line before the cut is read', () => {
  const ends = [...journal.matchAll(/\n/g)].map(({ index }) => index + 1);
  for (let cut = 0; cut < journal.length; cut += 3) {
    const read = readJournal(journal.slice(0, cut));
    // A line that only lacks its line break is whole.
    const whole = ends.filter((end) => end - 1 <= cut).length;
    expect(read.pairs).toHaveLength(Math.max(0, whole - 1));
    expect(read.torn).toBe(cut > 0 && !ends.includes(cut));
  }
});

test('a garbled line is ignored wherever it stands', () => {
  const lines = journal.split('\n');
  lines[2] = lines[2]!.slice(0, 40);
  lines[3] = lines[3]!.replace('"a":"', '"a":"AAAA');
  const read = readJournal(lines.join('\n'));
  expect(read.torn).toBe(true);
  expect(read.pairs.map(({ fingerprint }) => fingerprint)).toEqual(['f0', 'f3', 'f4']);
});

test('a journal of another model, template or version is not ours', () => {
  const ours = journalHeader(about);
  const headerOf = (change: object) => readJournal(encodeJournalHeader({ ...about, ...change })).header;
  expect(isSameJournal(headerOf({}), ours)).toBe(true);
  expect(isSameJournal(headerOf({ model: { ...model, tensors: 'other' } }), ours)).toBe(false);
  expect(isSameJournal(headerOf({ template: {} }), ours)).toBe(false);
  expect(isSameJournal(headerOf({ experts: 8 }), ours)).toBe(false);
  expect(isSameJournal(readJournal(journal.replace('"version":1', '"version":2')).header, ours)).toBe(false);
  expect(isSameJournal(readJournal('').header, ours)).toBe(false);
});
