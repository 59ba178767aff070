import { isObject } from '../../core/pairs/finding.js';
import type { ActivationsContract } from '../../protocol/webview.js';
import { readBoard } from '../panel/boardShape.js';
import { nothing, type ParamsReaders } from '../panel/readMessage.js';
import { anInteger, aString, oneOf } from '../panel/shapes.js';

/** Base64 of a large picture. */
const LONGEST_EXPORT = 100_000_000;

export const chartsRequests: ParamsReaders<ActivationsContract> = {
  setBoard(params) {
    const board = isObject(params) ? readBoard(params.board) : undefined;
    return board && { board };
  },
  showPair(params) {
    const pair = isObject(params) ? anInteger(params.pair) : undefined;
    return pair === undefined ? undefined : { pair };
  },
  openPlayground: nothing,
  savePlan: nothing,
  export(params) {
    if (!isObject(params)) return undefined;
    const format = oneOf(params.format, ['png', 'svg', 'csv'] as const);
    const data = aString(params.data, LONGEST_EXPORT);
    return format && data !== undefined ? { format, data } : undefined;
  },
  openAsText: nothing,
  copy(params) {
    const text = isObject(params) ? aString(params.text) : undefined;
    return text === undefined ? undefined : { text };
  },
};
