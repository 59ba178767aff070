import { describe, expect, test } from 'vitest';
import type { Conversation, Message } from '../../../src/core/pairs/pair.js';
import { parsePairs } from '../../../src/core/pairs/parsePairs.js';

const user = (content: string): Message => ({ role: 'user', content });
const assistant = (content: string): Message => ({ role: 'assistant', content });
const compared = ({ messages, target }: Conversation) =>
  messages[target.message]?.content.slice(target.start, target.end);

/** The one pair of a file without problems. */
function onlyPair(value: unknown) {
  const { set, problems } = parsePairs(JSON.stringify(value), 'x.pairs.jsonl');
  expect(problems).toEqual([]);
  expect(set.pairs).toHaveLength(1);
  return set.pairs[0]!;
}

describe('forms', () => {
  test('short, with a prompt as string or messages', () => {
    const pair = onlyPair({ prompt: 'Count.', a: '1, 2', b: 'one, two' });
    expect(pair.a).toEqual({
      messages: [user('Count.'), assistant('1, 2')],
      target: { message: 1, start: 0, end: 4 },
    });
    expect(compared(pair.b)).toBe('one, two');
    const prompt = [{ role: 'system', content: 'Be brief.' }, user('Count.')];
    expect(onlyPair({ prompt, a: '1', b: 'one' }).b.messages).toEqual([...prompt, assistant('one')]);
  });

  test('long: the last of several matches in any message counts', () => {
    const messages = [user('red red'), assistant('blue red green'), user('blue')];
    const pair = onlyPair({ a: { messages, target: 'red' }, b: { messages } });
    expect(pair.a.target).toEqual({ message: 1, start: 5, end: 8 });
    expect(pair.b.target).toEqual({ message: 1, start: 0, end: 14 });
    const inMessage = { messages, target: { text: 'red', message: 0 } };
    expect(onlyPair({ a: inMessage, b: { messages } }).a.target).toEqual({ message: 0, start: 4, end: 7 });
  });

  test('offsets are UTF-16 units', () => {
    const messages = [user('😀é target')];
    expect(onlyPair({ a: { messages, target: 'target' }, b: { messages, target: 'é' } }).a.target).toEqual({
      message: 0,
      start: 4,
      end: 10,
    });
  });

  test('SteerMoE', () => {
    const pair = onlyPair({
      messages_0: [user('Document: D Question: Q')],
      messages_1: [user('Question: Q')],
      messages_0_target: 'Question: Q',
      messages_1_target: 'Question: Q',
    });
    expect(pair.a.target).toEqual({ message: 0, start: 12, end: 23 });
    expect(pair.b.target).toEqual({ message: 0, start: 0, end: 11 });
  });

  test('preference data: strings, answers, whole conversations, transcripts', () => {
    expect(onlyPair({ prompt: 'p', chosen: 'x', rejected: 'y' }).a.messages).toEqual([user('p'), assistant('x')]);
    const answers = onlyPair({ prompt: [user('p')], chosen: [assistant('x')], rejected: [assistant('y')] });
    expect(answers.b.messages).toEqual([user('p'), assistant('y')]);
    const whole = { chosen: [user('p'), assistant('x')], rejected: [user('p'), assistant('y')] };
    expect(onlyPair(whole).a.messages).toEqual(whole.chosen);
    expect(onlyPair({ prompt: 'p', ...whole }).a.messages).toEqual(whole.chosen);
    const transcript = onlyPair({
      chosen: '\n\nHuman: Hi\n\nAssistant: Hello\n\nHuman: Bye\n\nAssistant: See you',
      rejected: '\n\nHuman: Hi\n\nAssistant: No',
    });
    expect(transcript.a.messages).toEqual([user('Hi'), assistant('Hello'), user('Bye'), assistant('See you')]);
    expect(compared(transcript.a)).toBe('See you');
  });

  test('OpenAI preference', () => {
    const pair = onlyPair({
      input: { messages: [user('p')] },
      preferred_output: [assistant('x')],
      non_preferred_output: [assistant('y')],
    });
    expect(pair.a.messages).toEqual([user('p'), assistant('x')]);
    expect(compared(pair.b)).toBe('y');
  });

  test('repeng', () => {
    const pair = onlyPair({ positive: 'I love it', negative: 'I hate it' });
    expect(pair.a).toEqual({ messages: [user('I love it')], target: { message: 0, start: 0, end: 9 } });
  });

  test('a mix of forms, blank lines, a byte order mark and CRLF in one file', () => {
    const lines = ['\uFEFF{"prompt":"p","a":"x","b":"y"}', '', '{"positive":"x","negative":"y"}', '   ', ''];
    const { set, problems } = parsePairs(lines.join('\r\n'), 'mixed.pairs.jsonl');
    expect(problems).toEqual([]);
    expect(set.pairs.map(({ line }) => line)).toEqual([1, 3]);
    const bytes = new TextEncoder().encode(lines.join('\r\n'));
    expect(parsePairs(bytes, 'mixed.pairs.jsonl').set).toEqual(set);
  });
});

describe('names and labels', () => {
  const pair = '{"prompt":"p","a":"x","b":"y"}';
  test('come from the first line', () => {
    const header = '{"name":"Digits or words","labels":{"a":"digits","b":"words"}}';
    const { set, problems } = parsePairs(`${header}\n${pair}`, 'x.pairs.jsonl');
    expect(problems).toEqual([]);
    expect(set).toMatchObject({ name: 'Digits or words', labels: { a: 'digits', b: 'words' } });
    expect(parsePairs(`${pair}\n${header}`, 'x.jsonl').problems).toMatchObject([{ line: 2, severity: 'error' }]);
  });
  test('come from the file name otherwise', () => {
    for (const path of ['/some/place/digits.pairs.jsonl', 'C:\\some\\digits.csv', 'digits.jsonl', 'digits']) {
      expect(parsePairs('{}', path).set).toMatchObject({ name: 'digits', labels: { a: 'a', b: 'b' } });
    }
  });
});

describe('CSV', () => {
  test('with quotes, line breaks in cells, blank lines and CRLF', () => {
    const text = 'prompt,a,b\r\n\r\n"x\r\ny",2,3\r\n\r\nq,"r""s","t,u"\r\n';
    const { set, problems } = parsePairs(text, 'x.csv');
    expect(problems).toEqual([]);
    expect(set.pairs.map(({ line }) => line)).toEqual([3, 6]);
    expect(set.pairs[0]?.a.messages[0]).toEqual(user('x\ny'));
    expect(set.pairs[1]?.a.messages[1]).toEqual(assistant('r"s'));
    expect(set.pairs[1]?.b.messages[1]).toEqual(assistant('t,u'));
  });
  test('of the other columns, told by the header alone', () => {
    expect(parsePairs('positive,negative\ngood,bad', 'x.txt').set.pairs).toHaveLength(1);
    expect(parsePairs('\uFEFFrejected,prompt,chosen\nbad,p,good', 'x.csv').set.pairs[0]?.a.messages).toEqual([
      user('p'),
      assistant('good'),
    ]);
  });
  test('problems: columns, cells, quotes, empty cells', () => {
    expect(parsePairs('x,y\n1,2', 'x.csv').problems).toMatchObject([{ line: 1, column: 1, severity: 'error' }]);
    const { set, problems } = parsePairs('prompt,a,b\n"l\nm",1\nq,1,2\nq,,2\nq,"u"v,w\nq,3,4', 'x.csv');
    expect(set.pairs.map(({ line }) => line)).toEqual([4]);
    expect(problems.map(({ line }) => line)).toEqual([2, 5, 6]);
    expect(problems[2]?.message).toContain('not read from here on');
    const unclosed = parsePairs('prompt,a,b\nq,1,2\n"q,1,2\nq,3,4\n', 'x.csv');
    expect(unclosed.set.pairs).toHaveLength(1);
    expect(unclosed.problems).toMatchObject([{ line: 3 }]);
  });
});
