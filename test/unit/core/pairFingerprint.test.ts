import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { canonicalJson } from '../../../src/core/pairs/canonicalJson.js';
import { pairFingerprint, pairsFingerprint } from '../../../src/core/pairs/pairFingerprint.js';
import { parsePairs } from '../../../src/core/pairs/parsePairs.js';

const text = '{"prompt":"p","a":"x","b":"y"}\n{"prompt":"é😀","a":"x","b":"y"}';
const { pairs } = parsePairs(text, 'x.jsonl').set;

test('is the SHA-256 of the canonical JSON of what is compared', () => {
  const side = (content: string) =>
    '{"messages":[{"content":"p","role":"user"},{"content":"' +
    `${content}","role":"assistant"}],"target":{"end":1,"message":1,"start":0}}`;
  const canonical = `{"a":${side('x')},"b":${side('y')}}`;
  expect(pairFingerprint(pairs[0]!)).toBe(createHash('sha256').update(canonical).digest('hex'));
});

test('does not depend on form, line or spacing, but on text, target and order', () => {
  const other = parsePairs('\n{"rejected": "y", "chosen": "x", "prompt": "p"}', 'x.jsonl').set.pairs[0]!;
  expect(pairFingerprint(other)).toBe(pairFingerprint(pairs[0]!));
  const target = { message: 0, start: 0, end: 1 };
  expect(pairFingerprint({ ...other, a: { ...other.a, target } })).not.toBe(pairFingerprint(other));
  expect(pairsFingerprint([...pairs].reverse())).not.toBe(pairsFingerprint(pairs));
  expect(pairsFingerprint(pairs)).toMatch(/^[0-9a-f]{64}$/);
});

test('canonical JSON sorts keys at every depth and leaves arrays alone', () => {
  expect(canonicalJson({ b: [{ d: 1, c: undefined }, 2], a: null })).toBe('{"a":null,"b":[{"d":1},2]}');
});
