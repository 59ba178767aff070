import { Option, type Command } from 'commander';
import { resolve } from 'node:path';
import { parseExpertsFile } from '../core/files/expertsFile.js';
import { statisticsOf } from '../core/statistics/statisticsOf.js';
import type { ExpertsFile } from '../core/statistics/expertStatistics.js';
import type { ModelDescription } from '../core/model.js';
import type { Side } from '../core/pairs/pair.js';
import { checkPlan } from '../core/plans/checkPlan.js';
import { EMPTY_PLAN, type PlanOrigin, type SteeringMode, type SteeringPlan } from '../core/plans/plan.js';
import { planToward, type DroppedExpert } from '../core/plans/planToward.js';
import { requireSameModel } from '../core/files/requireSameModel.js';
import { parseSteeringFile } from '../core/files/steeringFile.js';
import { UsageError } from './exitCode.js';
import { layerRange, numberIn, wholeNumber } from './numbers.js';
import { readAs } from './readText.js';

/** How many experts to switch where neither number is given. */
const SWITCHED = 4;

/** What says how a plan is made from a list of experts. */
export interface TowardArguments {
  toward?: string;
  on?: number;
  off?: number;
  layers?: [number, number];
  maxQ?: number;
  mode?: SteeringMode['kind'];
  strength?: number;
}

export interface PlanArguments extends TowardArguments {
  plan?: string;
  experts?: string;
}

export function withTowardOptions(command: Command): Command {
  return command
    .option('--toward <side>', "a, b or the side's label")
    .option('--on <n>', `experts to activate (${SWITCHED}, or 0 where only --off is given)`, wholeNumber(0))
    .option('--off <n>', `experts to deactivate (${SWITCHED}, or 0 where only --on is given)`, wholeNumber(0))
    .option('--layers <a-b>', 'only experts of these layers', layerRange)
    .option('--max-q <q>', 'only experts with at most this q-value', numberIn(0, 1))
    .addOption(new Option('--mode <mode>', 'how routers are changed (paper)').choices(['paper', 'soft']))
    .option('--strength <x>', 'of the soft mode, above 0 and at most 10 (1)', numberIn(0, 10));
}

/** The plan toward a side, with where it came from. Fails with UsageError. */
export function makePlan(
  file: ExpertsFile,
  path: string,
  options: TowardArguments,
): { plan: SteeringPlan; dropped: DroppedExpert[]; origin: PlanOrigin } {
  const toward = sideOf(options.toward, file.labels);
  const neither = options.on === undefined && options.off === undefined;
  const on = options.on ?? (neither ? SWITCHED : 0);
  const off = options.off ?? (neither ? SWITCHED : 0);
  const choice = {
    ...(options.layers && { layers: options.layers }),
    ...(options.maxQ !== undefined && { maxQ: options.maxQ }),
  };
  const { plan, dropped } = planToward(statisticsOf(file), file.model, {
    toward,
    on,
    off,
    mode: modeOf(options),
    ...choice,
  });
  return { plan, dropped, origin: { experts: path, toward, label: file.labels[toward], on, off, ...choice } };
}

export function sideOf(given: string | undefined, labels: Record<Side, string>): Side {
  const name = given?.trim().toLowerCase();
  if (name === 'a' || name === 'b') return name;
  const { a, b } = labels;
  if (name !== undefined && a.toLowerCase() !== b.toLowerCase()) {
    if (name === a.toLowerCase()) return 'a';
    if (name === b.toLowerCase()) return 'b';
  }
  const choices = `--toward a (${a}) or --toward b (${b})`;
  throw new UsageError(
    given === undefined ? `Name the side: ${choices}.` : `No side is called "${given}": ${choices}.`,
  );
}

export function modeOf({ mode, strength }: TowardArguments): SteeringMode {
  if (strength === 0) throw new UsageError('--strength must be above 0.');
  if (mode === 'paper' && strength !== undefined) throw new UsageError('--strength goes with --mode soft only.');
  return mode === 'soft' || strength !== undefined ? { kind: 'soft', strength: strength ?? 1 } : { kind: 'paper' };
}

export interface ChosenPlan {
  plan: SteeringPlan;
  dropped: DroppedExpert[];
  /** False where the arguments name no plan. */
  given: boolean;
}

/**
 * The plan that the arguments of a command name, made for no model in particular yet: files are read before a model is
 * loaded, so that a wrong name fails at once. The function that comes back checks it against the model.
 */
export async function choosePlan(options: PlanArguments): Promise<(model: ModelDescription) => ChosenPlan> {
  const { plan: planFile, experts } = options;
  const { toward, on, off, layers, maxQ, mode, strength } = options;
  const details = [toward, on, off, layers, maxQ, mode, strength].some((value) => value !== undefined);
  if (planFile !== undefined && (experts !== undefined || details))
    throw new UsageError('--plan is a finished plan: leave out --experts, --toward and what goes with them.');
  if (experts === undefined && details) throw new UsageError('--toward and what goes with it need --experts F.');
  if (planFile !== undefined) {
    const file = await readAs(planFile, parseSteeringFile);
    return (model) => checked({ plan: file.plan, dropped: [], given: true }, file.model, model, planFile);
  }
  if (experts !== undefined) {
    const file = await readAs(experts, parseExpertsFile);
    const { plan, dropped } = makePlan(file, resolve(experts), options);
    return (model) => checked({ plan, dropped, given: true }, file.model.fingerprint, model, experts);
  }
  return () => ({ plan: EMPTY_PLAN, dropped: [], given: false });
}

function checked(
  chosen: ChosenPlan,
  madeFor: Parameters<typeof requireSameModel>[0],
  model: ModelDescription,
  path: string,
): ChosenPlan {
  requireSameModel(madeFor, model.fingerprint, path);
  checkPlan(chosen.plan, model);
  return chosen;
}
