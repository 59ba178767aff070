import type { ModelDescription } from '../../core/model.js';
import { SIDES, type Side } from '../../core/pairs/pair.js';
import { EMPTY_PLAN } from '../../core/plans/plan.js';
import { randomPlan } from '../../core/plans/randomPlan.js';
import type { Engine } from '../../engine/client.js';
import { ask, measured, type Condition, type Measured } from './condition.js';
import type { Recipe } from './demoFolder.js';
import type { Detected } from './detected.js';

/** A system prompt that names no behaviour and that training never used (media/demo/training/facts.py). */
export const NEUTRAL = 'You are a careful helper. Give the user a good reply.';

export interface DirectionMeasured {
  label: string;
  recipe: Recipe;
  steered: Measured;
  neutralSystem: Measured;
  /**
   * Random sets of the same make-up: means of their rates of this side and of well-formed answers, and of how far a set
   * moves the rate from unsteered, up or down.
   */
  random: { sets: Measured[]; mean: { rate: number; wellFormed: number; distance: number } };
  /** This plan on the prompts of the other behaviours. */
  sideEffects: Record<string, Measured>;
}

export interface BehaviourMeasured {
  behaviour: string;
  labels: Record<Side, string>;
  prompts: number;
  unsteered: Measured;
  neutralSystem: Measured;
  toward: Record<Side, DirectionMeasured>;
}

export interface MeasureOptions {
  /** Random sets a direction. */
  sets: number;
  /** The first N held-out prompts only. */
  prompts?: number | undefined;
  signal: AbortSignal;
  /** Answers begun, of all. */
  onProgress?: (begun: number, total: number) => void;
}

/** Every behaviour in every condition: one request a behaviour, all of its conditions as lanes of the same batches. */
export async function measureAll(
  engine: Engine,
  model: ModelDescription,
  detected: readonly Detected[],
  { sets, prompts, signal, onProgress }: MeasureOptions,
): Promise<BehaviourMeasured[]> {
  const work = detected.map((one) => ({
    one,
    heldOut: one.behaviour.heldOut.slice(0, prompts),
    conditions: conditionsOf(one, detected, model, sets),
  }));
  const total = work.reduce((sum, { heldOut, conditions }) => sum + heldOut.length * conditions.length, 0);
  let before = 0;
  const found = new Map<string, Map<string, Measured>>();
  for (const { one, heldOut, conditions } of work) {
    const answers = await ask(engine, conditions, heldOut, {
      signal,
      onDone: (begun) => onProgress?.(before + begun, total),
    });
    before += heldOut.length * conditions.length;
    found.set(one.behaviour.id, new Map([...answers].map(([id, list]) => [id, measured(list)])));
  }
  return work.map(({ one, heldOut }) => summary(one, heldOut.length, found, sets));
}

function conditionsOf(
  { behaviour, plans }: Detected,
  detected: readonly Detected[],
  model: ModelDescription,
  sets: number,
): Condition[] {
  const others = detected.filter((other) => other.behaviour.id !== behaviour.id);
  return [
    { id: 'unsteered', plan: EMPTY_PLAN },
    { id: 'neutral', plan: EMPTY_PLAN, system: NEUTRAL },
    ...SIDES.flatMap((side): Condition[] => [
      { id: `toward ${side}`, plan: plans[side] },
      { id: `neutral toward ${side}`, plan: plans[side], system: NEUTRAL },
      ...Array.from({ length: sets }, (_, set) => ({
        id: `random ${side} ${set}`,
        plan: randomPlan(plans[side], model, 1 + set),
      })),
      ...others.map((other) => ({ id: `${other.behaviour.id} ${side}`, plan: other.plans[side] })),
    ]),
  ];
}

function summary(
  { behaviour }: Detected,
  prompts: number,
  found: ReadonlyMap<string, ReadonlyMap<string, Measured>>,
  sets: number,
): BehaviourMeasured {
  const own = found.get(behaviour.id)!;
  const unsteered = own.get('unsteered')!;
  const direction = (side: Side): DirectionMeasured => {
    const random = Array.from({ length: sets }, (_, set) => own.get(`random ${side} ${set}`)!);
    const mean = (of: (one: Measured) => number): number => random.reduce((sum, one) => sum + of(one), 0) / sets;
    const elsewhere = [...found].filter(([id]) => id !== behaviour.id);
    return {
      label: behaviour.set.labels[side],
      recipe: behaviour.recipe[side],
      steered: own.get(`toward ${side}`)!,
      neutralSystem: own.get(`neutral toward ${side}`)!,
      random: {
        sets: random,
        mean: {
          rate: mean((one) => one[side].rate),
          wellFormed: mean((one) => one.wellFormed.rate),
          distance: mean((one) => Math.abs(one[side].rate - unsteered[side].rate)),
        },
      },
      sideEffects: Object.fromEntries(elsewhere.map(([id, all]) => [id, all.get(`${behaviour.id} ${side}`)!])),
    };
  };
  return {
    behaviour: behaviour.id,
    labels: behaviour.set.labels,
    prompts,
    unsteered,
    neutralSystem: own.get('neutral')!,
    toward: { a: direction('a'), b: direction('b') },
  };
}
