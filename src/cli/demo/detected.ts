import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ExpertStatistic } from '../../core/statistics/expertStatistics.js';
import type { ModelDescription } from '../../core/model.js';
import type { Side } from '../../core/pairs/pair.js';
import type { SteeringPlan } from '../../core/plans/plan.js';
import { planToward } from '../../core/plans/planToward.js';
import type { Engine } from '../../engine/client.js';
import { runDetection } from '../../engine/detectionJob.js';
import type { DetectionProgress } from '../../engine/detectionPace.js';
import type { Behaviour } from './demoFolder.js';

export interface Detected {
  behaviour: Behaviour;
  statistics: ExpertStatistic[];
  tokens: Record<Side, number>;
  plans: Record<Side, SteeringPlan>;
}

/** Detects a behaviour of the demo and makes the plans of its recipe. Leaves no file behind. */
export async function detectBehaviour(
  engine: Engine,
  model: ModelDescription,
  behaviour: Behaviour,
  options: { signal: AbortSignal; onProgress?(progress: DetectionProgress): void },
): Promise<Detected> {
  const folder = await mkdtemp(join(tmpdir(), 'steermoe-demo-'));
  try {
    const { file, statistics } = await runDetection({
      engine,
      model,
      set: behaviour.set,
      pairsFile: behaviour.pairsFile,
      out: join(folder, `${behaviour.id}.experts.json`),
      ...options,
    });
    const toward = (side: Side): SteeringPlan =>
      planToward(statistics, model, { toward: side, ...behaviour.recipe[side] }).plan;
    return { behaviour, statistics, tokens: file.tokens, plans: { a: toward('a'), b: toward('b') } };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
