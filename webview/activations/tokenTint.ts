import type { ModelShape } from '../../src/core/model.js';
import type { TokenRow } from '../../src/protocol/webview.js';
import type { ListView } from './listView.js';

/** A piece of a rendered conversation: text around the target, or one token of it. */
export interface Piece {
  text: string;
  /** Index within the target span; null for text around it. */
  target: number | null;
}

/** What the switched experts do on one token. */
export interface Fired {
  activated: number;
  deactivated: number;
}

/**
 * The conversation cut at its target tokens. Offsets of tokens that share a character (an emoji of several tokens) may
 * overlap: no character is shown twice, a token without a character of its own is an empty piece.
 */
export function pieces({ text, start, end, target }: TokenRow): Piece[] {
  const from = target.from < start.length ? start[target.from]! : text.length;
  const cut: Piece[] = [{ text: text.slice(0, from), target: null }];
  let reached = from;
  for (let token = target.from; token < target.to; token++) {
    const begin = Math.max(reached, start[token] ?? reached);
    const stop = Math.max(begin, end[token] ?? begin);
    if (begin > reached) cut.push({ text: text.slice(reached, begin), target: null });
    cut.push({ text: text.slice(begin, stop), target: token - target.from });
    reached = stop;
  }
  cut.push({ text: text.slice(reached), target: null });
  return cut.filter((piece) => piece.target !== null || piece.text !== '');
}

/** A token's experts, layer by layer in the order of moeLayers; within a layer highest first. */
export function expertsOf(row: TokenRow, token: number, shape: Pick<ModelShape, 'moeLayers' | 'expertsPerToken'>) {
  const { moeLayers, expertsPerToken: k } = shape;
  return moeLayers.map((layer, i) => {
    const at = (token * moeLayers.length + i) * k;
    return { layer, experts: row.experts.slice(at, at + k) };
  });
}

/** How many of the plan's activated and deactivated experts each target token selects. */
export function firedOn(row: TokenRow, { file, stateOf }: Pick<ListView, 'file' | 'stateOf'>): Fired[] {
  return Array.from({ length: row.target.to - row.target.from }, (_, token) => {
    const fired: Fired = { activated: 0, deactivated: 0 };
    for (const { layer, experts } of expertsOf(row, token, file.model))
      for (const expert of experts) {
        const state = stateOf({ layer, expert });
        if (state !== 'neutral') fired[state]++;
      }
    return fired;
  });
}
