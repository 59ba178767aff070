import { make } from '../ui/make.js';

/** A block is closed at the first line's end past this length: appending then lays out one block, not the whole answer. */
const BLOCK = 1500;

interface Block {
  node: Text;
  start: number;
}

export interface AnswerText {
  element: HTMLElement;
  /** Shows the text; where it goes on from what is shown, only the new part is added. Whether anything changed. */
  show(text: string): boolean;
  /** The text's offset under a point of the window; null where no character is. */
  offsetAt(x: number, y: number): number | null;
  /** The range of [start, end); null where the text shown does not reach so far. */
  rangeOf(start: number, end: number): Range | null;
}

/** The text of an answer in few text nodes. Model output is untrusted: it only ever becomes text. */
export function answerText(): AnswerText {
  const element = make('div', { class: 'answer-text' });
  let shown = '';
  let blocks: Block[] = [];

  const append = (added: string): void => {
    let rest = added;
    while (rest !== '') {
      const last = blocks.at(-1) ?? newBlock();
      const cut = rest.indexOf('\n', Math.max(0, BLOCK - last.node.length));
      const piece = cut < 0 ? rest : rest.slice(0, cut + 1);
      last.node.appendData(piece);
      shown += piece;
      rest = rest.slice(piece.length);
      if (cut >= 0 && rest !== '') newBlock();
    }
  };
  const newBlock = (): Block => {
    const block = { node: document.createTextNode(''), start: shown.length };
    blocks.push(block);
    element.append(make('div', {}, block.node));
    return block;
  };
  const pointAt = (offset: number): [Text, number] => {
    const block = blocks.findLast(({ start }) => start <= offset)!;
    return [block.node, Math.min(offset - block.start, block.node.length)];
  };

  return {
    element,
    show(text) {
      if (text === shown) return false;
      if (!text.startsWith(shown)) {
        element.replaceChildren();
        blocks = [];
        shown = '';
      }
      append(text.slice(shown.length));
      return true;
    },
    offsetAt(x, y) {
      const caret = caretAt(x, y);
      const block = caret && blocks.find(({ node }) => node === caret.node);
      if (!block) return null;
      // The caret stands between two characters: the one that is under the point is before or after it.
      const under = [caret.offset, caret.offset - 1].find((offset) => covers(block.node, offset, x, y));
      return under === undefined ? null : block.start + under;
    },
    rangeOf(start, end) {
      if (end > shown.length || start >= end) return null;
      const range = document.createRange();
      range.setStart(...pointAt(start));
      // An end at a block's start is the end of the block before it.
      const [node, offset] = pointAt(end - 1);
      range.setEnd(node, offset + 1);
      return range;
    },
  };
}

function caretAt(x: number, y: number): { node: Node; offset: number } | null {
  if ('caretPositionFromPoint' in document) {
    const position = document.caretPositionFromPoint(x, y);
    return position && { node: position.offsetNode, offset: position.offset };
  }
  return null;
}

function covers(node: Text, offset: number, x: number, y: number): boolean {
  if (offset < 0 || offset >= node.length) return false;
  const range = document.createRange();
  range.setStart(node, offset);
  range.setEnd(node, offset + 1);
  return [...range.getClientRects()].some(
    (box) => x >= box.left && x <= box.right && y >= box.top - 2 && y <= box.bottom + 2,
  );
}
