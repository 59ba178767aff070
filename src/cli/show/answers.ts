import type { LaneResult } from '../../protocol/engine.js';
import type { Terminal } from '../terminal.js';
import { Columns, WIDE_ENOUGH } from './columns.js';
import { plainText } from './plainText.js';

/** Where the answers of one request appear while they are written. */
export interface AnswerView {
  append(lane: string, text: string): void;
  end(results: readonly LaneResult[]): void;
}

/** One answer as it comes; two side by side where there is room, else the second after the first. */
export function answerView(terminal: Terminal, lanes: readonly string[]): AnswerView {
  if (lanes.length === 2 && terminal.out.isTTY && terminal.out.columns >= WIDE_ENOUGH)
    return sideBySide(terminal, lanes);
  return inTurn(terminal, lanes);
}

function sideBySide({ out }: Terminal, lanes: readonly string[]): AnswerView {
  const columns = new Columns(
    (text) => {
      out.write(text);
    },
    out.columns,
    [lanes[0] ?? '', lanes[1] ?? ''],
  );
  const place = (lane: string): 0 | 1 => (lane === lanes[0] ? 0 : 1);
  return {
    append: (lane, text) => {
      columns.append(place(lane), text);
    },
    end: (results) => {
      for (const { id } of results) columns.end(place(id));
    },
  };
}

function inTurn({ out }: Terminal, lanes: readonly string[]): AnswerView {
  const titled = lanes.length > 1;
  // Controls in an answer are for no terminal; what goes into a file or a pipe is left as the model said it.
  const shown = (text: string): string => (out.isTTY ? plainText(text) : text);
  const [first] = lanes;
  if (titled) out.write(`--- ${first}\n`);
  return {
    append: (lane, text) => {
      if (lane === first) out.write(shown(text));
    },
    end: (results) => {
      out.write('\n');
      for (const { id, text } of results) if (id !== first) out.write(`\n--- ${id}\n${shown(text)}\n`);
    },
  };
}
