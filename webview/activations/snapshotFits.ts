import { isObject } from '../../src/core/pairs/finding.js';
import type { ActivationsSnapshot } from '../../src/protocol/webview.js';
import { isFailure } from '../ui/hostClient.js';

/** Whether a message's snapshot is one that these charts can draw; the host has read the file by its schema already. */
export function fitsActivations(snapshot: unknown): snapshot is ActivationsSnapshot {
  if (!isObject(snapshot)) return false;
  const { fileName, content, board, pairs, engine } = snapshot;
  if (typeof fileName !== 'string' || !isCount(pairs) || !isBoard(board)) return false;
  if (content !== null && !isObject(content)) return false;
  if (engine !== 'ready' && engine !== 'other-model' && engine !== 'no-model') return false;
  if (content === null) return true;
  return 'file' in content ? isFile(content.file) : isFailure(content.failure);
}

function isBoard(board: unknown): boolean {
  if (!isObject(board) || !isObject(board.mode) || !Array.isArray(board.byHand)) return false;
  const { toward, on, off, layers, maxQ } = board;
  const range = layers === null || (Array.isArray(layers) && layers.length === 2 && layers.every(isCount));
  return (
    (toward === 'a' || toward === 'b') &&
    isCount(on) &&
    isCount(off) &&
    range &&
    (maxQ === null || typeof maxQ === 'number')
  );
}

function isFile(file: unknown): boolean {
  if (!isObject(file) || typeof file.name !== 'string') return false;
  const { labels, model, tokens, counts, statistics, pairs } = file;
  if (!isObject(model) || !Array.isArray(model.moeLayers) || !isCount(model.experts) || !isObject(pairs)) return false;
  const length = model.moeLayers.length * model.experts;
  const column = (values: unknown): boolean => Array.isArray(values) && values.length === length;
  return (
    isObject(labels) &&
    [labels.a, labels.b].every((label) => typeof label === 'string') &&
    isObject(tokens) &&
    [tokens.a, tokens.b].every(isCount) &&
    isObject(counts) &&
    isObject(statistics) &&
    [counts.a, counts.b, statistics.low, statistics.high, statistics.q].every(column)
  );
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0;
}
