import type { ModelDescription } from '../core/model.js';
import type { Engine } from '../engine/client.js';
import type { LoadParams } from '../protocol/engine.js';
import { findModel } from './findModel.js';
import { offloadOf, type MachineOptions } from './options.js';
import { ProgressLine } from './show/progressLine.js';
import type { Surroundings } from './surroundings.js';

/** Starts the engine and loads MODEL into it, with its progress on stderr where a person watches. */
export async function loadModel(
  { terminal, engine: start }: Surroundings,
  model: string,
  machine: MachineOptions,
  params: Partial<LoadParams> = {},
): Promise<{ engine: Engine; model: ModelDescription }> {
  const { gpu, threads } = machine;
  const offload = offloadOf(machine);
  const path = await findModel(model);
  const engine = start(gpu);
  const line = new ProgressLine(terminal.err);
  try {
    const description = await engine.load({ ...params, ...offload, path, threads }, (fraction) => {
      line.show(`Loading the model: ${Math.floor(fraction * 100)} %`);
    });
    return { engine, model: description };
  } finally {
    line.clear();
  }
}
