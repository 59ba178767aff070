import { expect, test } from 'vitest';
import { LONGEST_LINE, parsePairs } from '../../../src/core/pairs/parsePairs.js';

const GOOD = '{"prompt":"p","a":"x","b":"y"}';

function problemsOf(text: string | Uint8Array) {
  return parsePairs(text, 'x.pairs.jsonl').problems;
}

/** A line, its problem's text, and the part of the line that is marked. */
const LINES: [line: string, message: RegExp, marked: string, severity?: 'warning'][] = [
  ['{"prompt": "p", "a" "x"}', /Invalid JSON: unexpected "\\""/, '"'],
  ['{"prompt": "p", "a": "x",}', /comma too many/, '}'],
  ['{"prompt": "tab\there", "a": "x", "b": "y"}', /control characters/, '\t'],
  ["{'prompt': 1}", /double quotes/, "'"],
  ['["prompt"]', /JSON object/, '["prompt"]'],
  ['{"question": "p"}', /no known form.*messages_0.*chosen.*positive/, '{"question": "p"}'],
  ['{"prompt": "p", "a": "x"}', /"a" but not "b"/, '"x"'],
  ['{"prompt": "p", "chosen": null, "rejected": "y"}', /"rejected" but not "chosen"/, '"y"'],
  ['{"prompt": "p", "a": 1, "b": "y"}', /this is a number/, '1'],
  ['{"prompt": 5, "a": "x", "b": "y"}', /array of messages/, '5'],
  ['{"a": "x", "b": {"messages": [{"role": "user", "content": "y"}], "target": "y"}}', /no "prompt"/, '"x"'],
  ['{"prompt": "p", "a": "  ", "b": "y"}', /side is empty/, '"  "'],
  ['{"prompt": [], "a": "x", "b": "y"}', /no messages/, '[]'],
  ['{"prompt": [{"role": "tool", "content": "z"}], "a": "x", "b": "y"}', /role is "tool"/, '"tool"'],
  ['{"prompt": [{"role": "user", "content": ["z"]}], "a": "x", "b": "y"}', /content.*an array/, '["z"]'],
  ['{"prompt": ["z"], "a": "x", "b": "y"}', /a message is an object/i, '"z"'],
  ['{"prompt": "é😀", "a": "x", "b": "y", "score": 3}', /Unknown field "score"/, '3', 'warning'],
  ['{"prompt": "p", "a": "x", "b": "x"}', /Both sides are the same/, '{"prompt": "p", "a": "x", "b": "x"}', 'warning'],
];

test.each(LINES)('%s', (line, message, marked, severity = 'error' as never) => {
  const { set, problems } = parsePairs([GOOD, line, GOOD].join('\n'), 'x.pairs.jsonl');
  expect(problems).toHaveLength(1);
  const { line: at, column, endColumn, message: text, severity: given } = problems[0]!;
  expect(text).toMatch(message);
  expect([at, given]).toEqual([2, severity]);
  expect(line.slice(column - 1, (endColumn ?? column) - 1)).toBe(marked);
  expect(set.pairs).toHaveLength(given === 'warning' ? 3 : 2);
});

test.each([
  ['"nowhere"', /does not occur in any message/],
  ['""', /target is empty/],
  ['7', /this is a number/],
  ['{"text": "x", "message": 0}', /does not occur in that message/],
  ['{"text": "x", "message": 2}', /from 0 to 1/],
])('the target %s is an error at its place, never a silent skip', (target, message) => {
  const messages = '[{"role": "user", "content": "p"}, {"role": "assistant", "content": "x"}]';
  const line = `{"a": {"messages": ${messages}, "target": ${target}}, "b": {"messages": ${messages}}}`;
  const problems = problemsOf(line);
  expect(problems).toHaveLength(1);
  expect(problems[0]?.message).toMatch(message);
  expect(line.slice(problems[0]!.column - 1, problems[0]!.endColumn! - 1)).toBe(target);
});

test('a side without an answer and without a target is an error at that side', () => {
  const line = '{"messages_0": [{"role": "user", "content": "p"}], "messages_1": [{"role": "user", "content": "p"}]}';
  expect(problemsOf(line).map(({ column }) => column)).toEqual([16, 66]);
});

test('a control character is found behind other strings', () => {
  expect(problemsOf(`{"prompt": "p", "a": "x", "b": "tab\there"}`)).toMatchObject([{ line: 1, column: 36 }]);
});

test('a cut-off line points at its end', () => {
  expect(problemsOf(`${GOOD}\n{"prompt": "p`)).toMatchObject([{ line: 2, column: 14 }]);
});

test('an unknown field is told once with how often it stands', () => {
  const line = '{"prompt":"p","a":"x","b":"y","score":1}';
  const problems = problemsOf([line, line, line].join('\n'));
  expect(problems).toMatchObject([{ line: 1, severity: 'warning' }]);
  expect(problems[0]?.message).toContain('2 more places');
});

test('files without pairs', () => {
  for (const text of ['', ' \n\n', '\uFEFF']) expect(problemsOf(text)[0]?.message).toMatch(/empty/);
  expect(problemsOf('{"name": "Only a header"}')[0]?.message).toMatch(/no pairs/);
  expect(problemsOf(`[${GOOD},\n${GOOD}]`)).toMatchObject([
    { line: 1, message: expect.stringMatching(/one pair a line/) },
  ]);
  expect(problemsOf(JSON.stringify(JSON.parse(GOOD), null, 2))).toHaveLength(1);
});

test('bytes that are not UTF-8 are found, and the other lines read', () => {
  const encode = (text: string) => [...new TextEncoder().encode(text)];
  for (const bad of [[0xff], [0xef, 0xbf], [0xc3], [0xf0, 0x9f, 0x98], [0x80]]) {
    const bytes = [...encode(`${GOOD}\n{"prompt":"é😀`), ...bad, ...encode(`","a":"x","b":"y"}\n${GOOD}\n`)];
    const { set, problems } = parsePairs(Uint8Array.from(bytes), 'x.pairs.jsonl');
    expect(problems).toMatchObject([{ line: 2, column: 15, severity: 'error' }]);
    expect(set.pairs.map(({ line }) => line)).toEqual([1, 3]);
  }
  expect(problemsOf(Uint8Array.from([0xff, 0xfe, 0x7b, 0]))[0]?.message).toMatch(/UTF-16/);
});

test('a huge line is refused without reading it', () => {
  const { set, problems } = parsePairs(`${GOOD}\n{"prompt":"${'x'.repeat(LONGEST_LINE)}"}`, 'x.pairs.jsonl');
  expect(problems).toMatchObject([{ line: 2, column: 1, severity: 'error' }]);
  expect(set.pairs).toHaveLength(1);
});
