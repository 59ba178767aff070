/** C0 and C1 controls but line feed and tab: what could move the cursor, ring or rename the window. */
// eslint-disable-next-line no-control-regex -- Those are what is looked for.
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** A model's or a file's text as a terminal may show it: untrusted text must not speak to the terminal. */
export function plainText(text: string): string {
  return text.replace(CONTROLS, '');
}

const WIDE =
  /\p{Emoji_Presentation}|[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff01-\uff60\uffe0-\uffe6\u{20000}-\u{3fffd}]/u;
const NOTHING = /^[\p{Mark}\u200b-\u200f\ufeff]+$/u;
const graphemes = new Intl.Segmenter('en', { granularity: 'grapheme' });

/** Columns that a terminal gives to a text without line breaks. */
export function textWidth(text: string): number {
  // Printable ASCII, the usual case.
  if (/^[\x20-\x7e]*$/.test(text)) return text.length;
  let width = 0;
  for (const { segment } of graphemes.segment(text)) width += NOTHING.test(segment) ? 0 : WIDE.test(segment) ? 2 : 1;
  return width;
}

/** Pads with spaces to a width in columns. */
export function padTo(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - textWidth(text)));
}

/** Cuts a word that is wider than a line. */
function cut(word: string, width: number): string[] {
  const pieces: string[] = [];
  let piece = '';
  for (const { segment } of graphemes.segment(word)) {
    if (piece !== '' && textWidth(piece + segment) > width) {
      pieces.push(piece);
      piece = '';
    }
    piece += segment;
  }
  pieces.push(piece);
  return pieces;
}

/**
 * Breaks a text into lines of at most `width` columns, at spaces where there are some. Greedy: text that is appended
 * later changes the last line only, so that all lines but the last can be shown while an answer streams.
 */
export function wrapText(text: string, width: number): string[] {
  return text.split('\n').flatMap((paragraph) => {
    const lines: string[] = [];
    let line = '';
    for (const word of paragraph.replaceAll('\t', '    ').split(/(?<= )(?=[^ ])/)) {
      if (textWidth(line + word.trimEnd()) <= width) {
        line += word;
        continue;
      }
      if (line.trim() !== '') lines.push(line.trimEnd());
      const pieces = textWidth(word.trimEnd()) > width ? cut(word, width) : [word];
      lines.push(...pieces.slice(0, -1));
      line = pieces.at(-1) ?? '';
    }
    return [...lines, line.trimEnd()];
  });
}
