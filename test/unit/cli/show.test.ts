import { describe, expect, it } from 'vitest';
import { Columns } from '../../../src/cli/show/columns.js';
import { heatMap } from '../../../src/cli/show/heatMap.js';
import { padTo, plainText, textWidth, wrapText } from '../../../src/cli/show/plainText.js';
import { duration, ProgressLine, progressText } from '../../../src/cli/show/progressLine.js';
import { colorOf } from '../../../src/cli/terminal.js';

function output(isTTY: boolean, columns = 80) {
  const stream = {
    text: '',
    isTTY,
    columns,
    write: (text: string) => {
      stream.text += text;
    },
  };
  return stream;
}

describe('text on a terminal', () => {
  it('loses what could speak to the terminal', () => {
    expect(plainText('a\x1b[2Jb\x07c\u009bd\te\n\rf')).toBe('a[2Jbcd\te\nf');
  });

  it('is measured in columns', () => {
    expect(textWidth('abc')).toBe(3);
    expect(textWidth('日本')).toBe(4);
    expect(textWidth('e\u0301')).toBe(1);
    expect(textWidth('👩‍👧')).toBe(2);
    expect(padTo('日', 4)).toBe('日  ');
  });

  it('is broken at spaces, and in a word that is too long', () => {
    expect(wrapText('one two three', 8)).toEqual(['one two', 'three']);
    expect(wrapText('abcdefghij k', 4)).toEqual(['abcd', 'efgh', 'ij k']);
    expect(wrapText('a\n\nb', 4)).toEqual(['a', '', 'b']);
    expect(wrapText('', 4)).toEqual(['']);
  });

  it('keeps all lines but the last when more comes', () => {
    const text = 'The quick brown fox jumps over a verylongwordthatdoesnotfit and   some spaces.\nNext line here.';
    for (let length = 1; length < text.length; length++) {
      const before = wrapText(text.slice(0, length), 11);
      const after = wrapText(text, 11);
      expect(after.slice(0, before.length - 1)).toEqual(before.slice(0, -1));
    }
  });
});

describe('two columns', () => {
  it('show the same rows whatever order the words come in', () => {
    const [left, right] = ['one two three four five six', 'eins zwei\ndrei'];
    const shown = (order: (0 | 1)[]): string => {
      const out = output(true);
      const columns = new Columns(out.write, 27, ['left', 'right']);
      for (const column of order) columns.append(column, column === 0 ? left : right);
      columns.end(order[0]!);
      columns.end(order[1]!);
      return out.text;
    };
    expect(shown([0, 1])).toBe(shown([1, 0]));
    expect(shown([0, 1])).toBe(
      `left         | right\n${'-'.repeat(12)}-+-${'-'.repeat(12)}\n` +
        'one two      | eins zwei\nthree four   | drei\nfive six     |\n',
    );
  });
});

describe('progress', () => {
  it('says pairs, speed and time left', () => {
    const text = progressText({ done: 12, total: 48, failed: 1, tokensPerSecond: 1234.5, secondsLeft: 72 });
    expect(text).toBe('[######..................] 12/48 pairs, 1 failed, 1,235 tokens/s, 1 min 12 s left');
    expect(duration(7300)).toBe('2 h 1 min');
  });

  it('is one line drawn over again for a person', () => {
    let now = 0;
    const err = output(true, 20);
    const line = new ProgressLine(err, () => now);
    line.show('first');
    now += 10;
    line.show('too soon');
    now += 100;
    line.show('a text that is longer than the terminal');
    line.end();
    expect(err.text).toBe('\r\x1b[2Kfirst\r\x1b[2Ka text that is long\n');
  });

  it('is a line now and then without codes for a log', () => {
    let now = 0;
    const err = output(false);
    const line = new ProgressLine(err, () => now);
    for (; now < 12_000; now += 100) line.show(`at ${now}`);
    line.end();
    expect(err.text).toBe('at 5000\nat 10000\n');
  });
});

describe('colours', () => {
  it('are off for files, dumb terminals and NO_COLOR', () => {
    expect(colorOf(false, { COLORTERM: 'truecolor' })).toBe('none');
    expect(colorOf(true, { NO_COLOR: '1', COLORTERM: 'truecolor' })).toBe('none');
    expect(colorOf(true, { TERM: 'dumb' })).toBe('none');
    expect(colorOf(true, { TERM: 'xterm' })).toBe('256');
    expect(colorOf(true, { COLORTERM: 'truecolor' })).toBe('truecolor');
  });
});

describe('the heat map', () => {
  const statistics = [
    { layer: 1, expert: 0, riskDifference: 0.5 },
    { layer: 1, expert: 1, riskDifference: -0.5 },
    { layer: 3, expert: 0, riskDifference: 0.1 },
    { layer: 3, expert: 1, riskDifference: 0 },
  ];
  const labels = { a: 'yes', b: 'no' };

  it('draws layers upward with plain signs', () => {
    const lines = heatMap(statistics, labels, { color: 'none', out: output(false) }).split('\n');
    expect(lines[1]).toBe('   3  + . ');
    expect(lines[2]).toBe('   1  # = ');
    expect(lines.at(-2)).toContain('yes (+0.50)');
  });

  it('keeps the signs under the colours', () => {
    const escape = /\x1b\[[\d;]*m/g; // eslint-disable-line no-control-regex -- Those are what is taken away.
    for (const color of ['256', 'truecolor'] as const) {
      const drawn = heatMap(statistics, labels, { color, out: output(true) });
      expect(drawn.replace(escape, '')).toBe(heatMap(statistics, labels, { color: 'none', out: output(true) }));
    }
  });

  it('puts several experts into a cell where a layer is wider than the terminal', () => {
    const many = Array.from({ length: 256 }, (_, expert) => ({
      layer: 0,
      expert,
      riskDifference: expert === 200 ? 1 : 0,
    }));
    const lines = heatMap(many, labels, { color: 'none', out: output(false, 80) }).split('\n');
    expect(lines[1]!.length).toBeLessThanOrEqual(80);
    expect(lines[1]).toMatch(/#/);
  });
});
