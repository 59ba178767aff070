import { describe, expect, it } from 'vitest';
import { SentFields } from '../../../src/host/panel/sentFields.js';
import { allTurns } from '../../../webview/playground/allTurns.js';
import { answerOf, countingTurn, playgroundSnapshot } from '../../webview/playgroundPage.js';
import { large } from '../../webview/fixtures/expertsFiles.js';

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value));

describe('what a view is sent of a snapshot', () => {
  it('is what it lacks: another value, not the same one made anew', () => {
    const sent = new SentFields();
    const list = { experts: 3 };
    expect(sent.changed({ list, on: 1, board: { on: 1 } })).toEqual({ list, on: 1, board: { on: 1 } });
    expect(sent.changed({ list, on: 1, board: { on: 1 } })).toEqual({});
    expect(sent.changed({ list: { experts: 3 }, on: 2, board: { on: 2 } })).toEqual({ on: 2, board: { on: 2 } });
    expect(sent.changed({ list: null, on: 2, board: { on: 2 } })).toEqual({ list: null });
    sent.forget();
    expect(sent.changed({ on: 2 })).toEqual({ on: 2 });
  });

  it('sees that an array was added to in a new object', () => {
    const sent = new SentFields();
    const ends = [1];
    sent.changed({ answering: { ends } });
    ends.push(2);
    expect(sent.changed({ answering: { ends } })).toEqual({ answering: { ends: [1, 2] } });
  });

  it('keeps a token of an answer from sending the list and the conversation again', () => {
    const sent = new SentFields();
    const turns = Array.from({ length: 20 }, (_, i) => countingTurn('none', { id: i + 1 }));
    const list = { fileName: 'large.experts.json', file: large() };
    const at = (words: number) => {
      const answer = answerOf(' word'.repeat(words), { state: 'running' });
      return playgroundSnapshot({
        list,
        turns,
        answering: { id: 21, prompt: 'Go', baseline: answer, steered: answer },
      });
    };
    const whole = bytes(sent.changed(at(100)));
    const update = sent.changed(at(101));
    console.log(`48 x 128 experts, 20 turns: all fields ${whole} bytes, 100 tokens into two answers ${bytes(update)}`);
    expect(Object.keys(update)).toEqual(['answering']);
    expect(bytes(update)).toBeLessThan(3000);
    expect(allTurns(at(101))).toHaveLength(21);
  });
});
