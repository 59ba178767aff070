import type { ModelDescription } from '../core/model.js';
import type { Engine } from '../engine/client.js';
import type { LoadParams } from '../protocol/engine.js';
import { modelPath } from './modelPath.js';
import type { MachineOptions } from './options.js';
import { ProgressLine } from './show/progressLine.js';
import type { Surroundings } from './surroundings.js';

/** Starts the engine and loads MODEL into it, with its progress on stderr where a person watches. */
export async function loadModel(
  { terminal, engine: start }: Surroundings,
  model: string,
  { gpu, threads }: MachineOptions,
  params: Partial<LoadParams> = {},
): Promise<{ engine: Engine; model: ModelDescription }> {
  const engine = start(gpu);
  const line = new ProgressLine(terminal.err);
  try {
    const description = await engine.load({ ...params, path: modelPath(model), threads }, (fraction) => {
      line.show(`Loading the model: ${Math.floor(fraction * 100)} %`);
    });
    return { engine, model: description };
  } finally {
    line.clear();
  }
}
