import type { Board, HandSet } from '../../core/plans/board.js';
import { isObject } from '../../core/pairs/finding.js';
import type { SteeringMode } from '../../core/plans/plan.js';
import { anInteger, aNumber, oneOf } from './shapes.js';

const MOST_SET = 20_000;

/** A board out of untyped data, with nothing in it that does not belong there; undefined where it is none. */
export function readBoard(value: unknown): Board | undefined {
  if (!isObject(value) || !Array.isArray(value.byHand) || value.byHand.length > MOST_SET) return undefined;
  const toward = oneOf(value.toward, ['a', 'b'] as const);
  const on = anInteger(value.on, 0, MOST_SET);
  const off = anInteger(value.off, 0, MOST_SET);
  const mode = readMode(value.mode);
  const layers = value.layers === null ? null : readLayers(value.layers);
  const maxQ = value.maxQ === null ? null : aNumber(value.maxQ, 0, 1);
  const byHand = value.byHand.map(readHand);
  if (!toward || on === undefined || off === undefined || !mode || layers === undefined || maxQ === undefined)
    return undefined;
  if (!byHand.every((hand) => hand !== undefined)) return undefined;
  return { toward, on, off, mode, layers, maxQ, byHand };
}

function readMode(value: unknown): SteeringMode | undefined {
  if (!isObject(value)) return undefined;
  if (value.kind === 'paper') return { kind: 'paper' };
  const strength = aNumber(value.strength, 0, 10);
  return value.kind === 'soft' && strength !== undefined && strength > 0 ? { kind: 'soft', strength } : undefined;
}

function readLayers(value: unknown): [number, number] | undefined {
  if (!Array.isArray(value) || value.length !== 2) return undefined;
  const from = anInteger(value[0], 0, 100_000);
  const to = anInteger(value[1], 0, 100_000);
  return from === undefined || to === undefined ? undefined : [from, to];
}

function readHand(value: unknown): HandSet | undefined {
  if (!isObject(value)) return undefined;
  const layer = anInteger(value.layer, 0, 100_000);
  const expert = anInteger(value.expert, 0, 100_000);
  const state = oneOf(value.state, ['activated', 'deactivated', 'neutral'] as const);
  return layer === undefined || expert === undefined || !state ? undefined : { layer, expert, state };
}
