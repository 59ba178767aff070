import { isObject } from '../../src/core/pairs/finding.js';
import type { ModelShape } from '../../src/core/model.js';
import type { PairTokens } from '../../src/protocol/webview.js';

/** Whether an answer to showPair can be drawn: its columns have the lengths that the model's shape asks for. */
export function tokensFit(
  answer: unknown,
  { moeLayers, expertsPerToken }: Pick<ModelShape, 'moeLayers' | 'expertsPerToken'>,
): answer is PairTokens {
  if (!isObject(answer) || !Number.isInteger(answer.pair) || !isObject(answer.sides)) return false;
  return [answer.sides.a, answer.sides.b].every((row) => {
    if (!isObject(row) || typeof row.text !== 'string' || !isObject(row.target)) return false;
    const { start, end, experts } = row;
    const { from, to } = row.target;
    if (!Array.isArray(start) || !Array.isArray(end) || !Array.isArray(experts)) return false;
    if (!Number.isInteger(from) || !Number.isInteger(to)) return false;
    const target = (to as number) - (from as number);
    const inside = (from as number) >= 0 && target >= 0 && (to as number) <= start.length;
    return inside && end.length === start.length && experts.length === target * moeLayers.length * expertsPerToken;
  });
}
