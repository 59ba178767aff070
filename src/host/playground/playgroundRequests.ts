import { isObject } from '../../core/pairs/finding.js';
import { THINKING_WISHES } from '../../core/thinking.js';
import type { PlaygroundContract, PlaygroundSettings } from '../../protocol/webview.js';
import { readBoard } from '../panel/boardShape.js';
import { nothing, type ParamsReaders } from '../panel/readMessage.js';
import { anInteger, aNumber, aString, oneOf } from '../panel/shapes.js';

const SIDES = ['baseline', 'steered'] as const;
const LONGEST_TEXT = 4_000_000;

export const playgroundRequests: ParamsReaders<PlaygroundContract> = {
  send(params) {
    const prompt = isObject(params) ? aString(params.prompt, LONGEST_TEXT) : undefined;
    return prompt === undefined ? undefined : { prompt };
  },
  stop: nothing,
  regenerate(params) {
    const turn = isObject(params) ? anInteger(params.turn) : undefined;
    return turn === undefined ? undefined : { turn };
  },
  editTurn(params) {
    if (!isObject(params)) return undefined;
    const turn = anInteger(params.turn);
    const prompt = aString(params.prompt, LONGEST_TEXT);
    return turn === undefined || prompt === undefined ? undefined : { turn, prompt };
  },
  clear: nothing,
  draftTaken: nothing,
  setBoard(params) {
    const board = isObject(params) ? readBoard(params.board) : undefined;
    return board && { board };
  },
  setSettings(params) {
    const settings = isObject(params) ? readSettings(params.settings) : undefined;
    return settings && { settings };
  },
  chooseModel: nothing,
  chooseList: readUri,
  loadPlan: readUri,
  savePlan: nothing,
  saveAsPair(params) {
    if (!isObject(params)) return undefined;
    const turn = anInteger(params.turn);
    const a = oneOf(params.a, SIDES);
    return turn === undefined || !a ? undefined : { turn, a };
  },
  tokenExperts(params) {
    if (!isObject(params)) return undefined;
    const turn = anInteger(params.turn);
    const side = oneOf(params.side, SIDES);
    const token = anInteger(params.token);
    return turn === undefined || !side || token === undefined ? undefined : { turn, side, token };
  },
  copy(params) {
    const text = isObject(params) ? aString(params.text, LONGEST_TEXT) : undefined;
    return text === undefined ? undefined : { text };
  },
  restartEngine: nothing,
};

function readUri(params: unknown): { uri: string } | undefined {
  const uri = isObject(params) ? aString(params.uri, 10_000) : undefined;
  return uri === undefined ? undefined : { uri };
}

/** Settings out of untyped data; undefined where they are none. */
export function readSettings(value: unknown): PlaygroundSettings | undefined {
  if (!isObject(value) || !isObject(value.sampling) || typeof value.compare !== 'boolean') return undefined;
  const { sampling } = value;
  const systemPrompt = aString(value.systemPrompt, LONGEST_TEXT);
  const maxTokens = anInteger(value.maxTokens, 1, 1_000_000);
  const temperature = aNumber(sampling.temperature, 0, 100);
  const topK = anInteger(sampling.topK, 0, 1_000_000);
  const topP = aNumber(sampling.topP, 0, 1);
  const minP = aNumber(sampling.minP, 0, 1);
  const seed = anInteger(sampling.seed, 0, 2 ** 32 - 1);
  // Settings that were kept before there was a choice have none.
  const thinking = value.thinking === undefined ? 'off' : oneOf(value.thinking, THINKING_WISHES);
  if (thinking === undefined) return undefined;
  if (systemPrompt === undefined || maxTokens === undefined || temperature === undefined) return undefined;
  if (topK === undefined || topP === undefined || minP === undefined || seed === undefined) return undefined;
  const { compare } = value;
  return { compare, systemPrompt, sampling: { temperature, topK, topP, minP, seed }, maxTokens, thinking };
}
