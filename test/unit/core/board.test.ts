import { describe, expect, it } from 'vitest';
import type { ModelShape } from '../../../src/core/model.js';
import { NEW_BOARD, planOfBoard, setByHand, stateIn } from '../../../src/core/plans/board.js';
import type { ExpertStatistic } from '../../../src/core/statistics/expertStatistics.js';

const SHAPE: ModelShape = {
  architecture: 'toy',
  name: 'Toy',
  moeLayers: [1, 2],
  layers: 3,
  experts: 4,
  expertsPerToken: 2,
};

/** Risk differences by layer: [layer 1, layer 2]. */
const STATISTICS = [
  [0.9, -0.8, 0.5, 0.1],
  [-0.7, 0.6, 0.0, -0.2],
].flatMap((row, i) =>
  row.map(
    (riskDifference, expert) => ({ layer: SHAPE.moeLayers[i]!, expert, riskDifference, q: 0.01 }) as ExpertStatistic,
  ),
);

const ids = (experts: { layer: number; expert: number }[]): string[] =>
  experts.map(({ layer, expert }) => `${layer}.${expert}`);

describe('planOfBoard', () => {
  it('takes the ranking’s choice', () => {
    const { plan, dropped } = planOfBoard({ ...NEW_BOARD, on: 2, off: 1 }, STATISTICS, SHAPE);
    expect(ids(plan.activated)).toEqual(['1.0', '2.1']);
    expect(ids(plan.deactivated)).toEqual(['1.1']);
    expect(dropped).toEqual([]);
  });

  it('swaps the signs toward b', () => {
    const { plan } = planOfBoard({ ...NEW_BOARD, toward: 'b', on: 2, off: 1 }, STATISTICS, SHAPE);
    expect(ids(plan.activated)).toEqual(['1.1', '2.0']);
    expect(ids(plan.deactivated)).toEqual(['1.0']);
  });

  it('lets what was set by hand win, also a neutral', () => {
    const byHand = setByHand(
      setByHand(NEW_BOARD, { layer: 1, expert: 0 }, 'neutral'),
      { layer: 2, expert: 1 },
      'deactivated',
    );
    const { plan } = planOfBoard({ ...byHand, on: 2, off: 0 }, STATISTICS, SHAPE);
    expect(ids(plan.activated)).toEqual([]);
    expect(ids(plan.deactivated)).toEqual(['2.1']);
    expect(stateIn(plan, { layer: 2, expert: 1 })).toBe('deactivated');
    expect(stateIn(plan, { layer: 1, expert: 0 })).toBe('neutral');
  });

  it('keeps the cap of a layer, those set by hand first, and names what has no room', () => {
    let board = { ...NEW_BOARD, on: 1, off: 0 };
    board = setByHand(board, { layer: 1, expert: 2 }, 'activated');
    board = setByHand(board, { layer: 1, expert: 3 }, 'activated');
    const { plan, dropped } = planOfBoard(board, STATISTICS, SHAPE);
    expect(ids(plan.activated)).toEqual(['1.2', '1.3']);
    expect(dropped).toEqual([{ expert: { layer: 1, expert: 0 }, reason: 'layer-cap' }]);
  });

  it('replaces what was set for an expert before', () => {
    const once = setByHand(NEW_BOARD, { layer: 1, expert: 0 }, 'activated');
    expect(setByHand(once, { layer: 1, expert: 0 }, 'deactivated').byHand).toEqual([
      { layer: 1, expert: 0, state: 'deactivated' },
    ]);
  });
});
