import { describe, expect, test } from 'vitest';
import { checkPlan } from '../../../src/core/plans/checkPlan.js';
import type { ExpertStatistic } from '../../../src/core/statistics/expertStatistics.js';
import type { ExpertId, SteeringPlan } from '../../../src/core/plans/plan.js';
import { planKey } from '../../../src/core/plans/planKey.js';
import { planToward } from '../../../src/core/plans/planToward.js';
import { planValues } from '../../../src/core/plans/planValues.js';
import { randomPlan } from '../../../src/core/plans/randomPlan.js';
import { shapeOf, uniform } from './simulation.js';

const id = (layer: number, expert: number): ExpertId => ({ layer, expert });
const PAPER = { kind: 'paper' } as const;

/** Statistics with given risk differences, [layer][expert]; q is 0.5 below |0.1| and 0.01 elsewhere. */
function statisticsOf(differences: number[][]): ExpertStatistic[] {
  return differences.flatMap((row, layer) =>
    row.map((riskDifference, expert) => {
      const q = Math.abs(riskDifference) < 0.1 ? 0.5 : 0.01;
      return { layer, expert, a: 0, b: 0, rateA: 0, rateB: 0, riskDifference, low: -1, high: 1, q };
    }),
  );
}

describe('planToward', () => {
  const shape = shapeOf(2, 5, 2);
  const statistics = statisticsOf([
    [0.9, 0.8, 0.7, -0.2, 0],
    [0.05, -0.6, -0.5, -0.4, -0.3],
  ]);

  test('takes the highest-ranked of each sign, at most k activated in a layer, and reports what the cap leaves out', () => {
    const { plan, dropped } = planToward(statistics, shape, { toward: 'a', on: 3, off: 2 });
    expect(plan).toEqual({ mode: PAPER, activated: [id(0, 0), id(0, 1)], deactivated: [id(1, 1), id(1, 2)] });
    expect(dropped).toEqual([{ expert: id(0, 2), reason: 'layer-cap' }]);
  });

  test('toward b the signs swap, and a layer keeps k experts that are not deactivated', () => {
    const { plan, dropped } = planToward(statistics, shapeOf(2, 5, 3), { toward: 'b', on: 2, off: 9 });
    expect(plan.activated).toEqual([id(1, 1), id(1, 2)]);
    expect(plan.deactivated).toEqual([id(0, 0), id(0, 1), id(1, 0)]);
    expect(dropped).toEqual([{ expert: id(0, 2), reason: 'layer-floor' }]);
  });

  test('experts without a difference are never taken; layers and q narrow the choice', () => {
    expect(planToward(statistics, shape, { toward: 'a', on: 99, off: 0 }).plan.activated).not.toContainEqual(id(0, 4));
    const narrowed = planToward(statistics, shape, { toward: 'a', on: 9, off: 9, layers: [1, 1], maxQ: 0.05 });
    expect(narrowed.plan.activated).toEqual([]);
    expect(narrowed.plan.deactivated).toEqual([id(1, 1), id(1, 2), id(1, 3)]);
    expect(narrowed.dropped).toEqual([{ expert: id(1, 4), reason: 'layer-floor' }]);
  });

  test('zero experts is the empty plan', () => {
    const mode = { kind: 'soft', strength: 0.5 } as const;
    expect(planToward(statistics, shape, { toward: 'a', on: 0, off: 0, mode }).plan).toEqual({
      mode,
      activated: [],
      deactivated: [],
    });
  });

  test('what it makes always passes checkPlan', () => {
    const random = uniform(8);
    for (let run = 0; run < 50; run++) {
      const list = statisticsOf(Array.from({ length: 4 }, () => Array.from({ length: 8 }, () => random() * 2 - 1)));
      const on = Math.floor(random() * 20);
      const { plan, dropped } = planToward(list, shapeOf(4, 8, 3), { toward: run % 2 ? 'a' : 'b', on, off: 32 });
      checkPlan(plan, shapeOf(4, 8, 3));
      const positive = list.filter(({ riskDifference }) => riskDifference > 0).length;
      const [wanted, unwanted] = run % 2 ? [positive, 32 - positive] : [32 - positive, positive];
      const total = plan.activated.length + plan.deactivated.length + dropped.length;
      expect(total).toBe(Math.min(on, wanted) + unwanted);
    }
  });
});

describe('randomPlan', () => {
  const shape = shapeOf(6, 16, 4);
  const like: SteeringPlan = {
    mode: PAPER,
    activated: [id(0, 1), id(0, 2), id(3, 3)],
    deactivated: [id(5, 1), id(5, 2)],
  };

  test('has as many experts, passes checkPlan, and is the same for the same seed only', () => {
    const plans = Array.from({ length: 40 }, (_, seed) => randomPlan(like, shape, seed));
    for (const plan of plans) {
      checkPlan(plan, shape);
      expect([plan.activated.length, plan.deactivated.length]).toEqual([3, 2]);
    }
    expect(randomPlan(like, shape, 7)).toEqual(plans[7]);
    expect(new Set(plans.map(planKey)).size).toBe(40);
  });

  test('draws every expert equally often', () => {
    const times = new Map<string, number>();
    const one = { ...like, activated: [id(0, 0)], deactivated: [] };
    for (let seed = 0; seed < 9600; seed++) {
      const key = planKey(randomPlan(one, shape, seed));
      times.set(key, (times.get(key) ?? 0) + 1);
    }
    expect(times.size).toBe(96);
    // Chi-square with 95 degrees of freedom: mean 95, standard deviation 13.8.
    const chiSquare = [...times.values()].reduce((sum, count) => sum + (count - 100) ** 2 / 100, 0);
    expect(chiSquare).toBeLessThan(150);
  });

  test('keeps the limits of a layer even where the plan fills the model', () => {
    const full: SteeringPlan = {
      mode: PAPER,
      activated: shape.moeLayers.flatMap((layer) => [0, 1, 2, 3].map((expert) => id(layer, expert))),
      deactivated: shape.moeLayers.flatMap((layer) => Array.from({ length: 12 }, (_, i) => id(layer, 4 + i))),
    };
    const plan = randomPlan(full, shape, 1);
    checkPlan(plan, shape);
    expect([plan.activated.length, plan.deactivated.length]).toEqual([24, 72]);
  });
});

describe('checkPlan', () => {
  const shape = { ...shapeOf(3, 4, 2), moeLayers: [1, 2] };
  const refused: [string, Partial<SteeringPlan>, RegExp][] = [
    ['a layer without router', { activated: [id(0, 1)] }, /layer 0/],
    ['an unknown expert', { deactivated: [id(1, 4)] }, /expert 4 of layer 1/],
    ['half an expert', { deactivated: [id(1, 0.5)] }, /expert 0.5/],
    ['an expert in both lists', { activated: [id(1, 1)], deactivated: [id(1, 1)] }, /both/],
    ['an expert named twice', { deactivated: [id(1, 1), id(1, 1)] }, /twice/],
    ['more activated than the router selects', { activated: [id(2, 0), id(2, 1), id(2, 2)] }, /activates 3/],
    ['no strength', { mode: { kind: 'soft', strength: 0 } }, /strength/],
    ['too much strength', { mode: { kind: 'soft', strength: 10.5 } }, /strength/],
    ['a strength that is no number', { mode: { kind: 'soft', strength: NaN } }, /strength/],
  ];
  test.each(refused)('refuses %s', (_name, change, message) => {
    const plan = { mode: PAPER, activated: [], deactivated: [], ...change };
    let error: unknown;
    try {
      checkPlan(plan, shape);
    } catch (thrown) {
      error = thrown;
    }
    expect(error).toMatchObject({ reason: 'plan-invalid', message: expect.stringMatching(message) });
  });

  test('planValues puts values where the tap looks for them', () => {
    const plan: SteeringPlan = { mode: PAPER, activated: [id(2, 3)], deactivated: [id(1, 0)] };
    expect([...planValues(plan, shape)]).toEqual([-1, 0, 0, 0, 0, 0, 0, 1]);
    const soft = planValues({ ...plan, mode: { kind: 'soft', strength: 2.5 } }, shape);
    expect([...soft]).toEqual([-2.5, 0, 0, 0, 0, 0, 0, 2.5]);
    expect(() => planValues({ ...plan, activated: [id(0, 0)] }, shape)).toThrow(/layer 0/);
  });
});

test('plans have the same key exactly when they steer alike', () => {
  const plan: SteeringPlan = { mode: PAPER, activated: [id(2, 3), id(10, 1)], deactivated: [id(1, 0)] };
  expect(planKey({ ...plan, activated: [id(10, 1), id(2, 3)] })).toBe(planKey(plan));
  expect(planKey({ ...plan, activated: plan.deactivated, deactivated: plan.activated })).not.toBe(planKey(plan));
  const soft = (strength: number): SteeringPlan => ({ ...plan, mode: { kind: 'soft', strength } });
  expect(new Set([planKey(plan), planKey(soft(1)), planKey(soft(2))]).size).toBe(3);
  const empty = { activated: [], deactivated: [] };
  expect(planKey({ ...plan, ...empty })).toBe(planKey({ ...soft(1), ...empty }));
});
