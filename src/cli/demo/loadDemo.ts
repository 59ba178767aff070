import { loadModel } from '../loadModel.js';
import type { MachineOptions } from '../options.js';
import type { Surroundings } from '../surroundings.js';
import type { DemoFolder } from './demoFolder.js';

const LANES = 64;

/** Cells that a lane needs for its prompt and answer, with room to spare. */
const CELLS = 192;

/** Loads the demo model for many short answers at once. */
export function loadDemo(around: Surroundings, folder: DemoFolder, options: MachineOptions) {
  // A second thread gains a model of this size little, and waits by spinning: beside other work it costs a lot.
  const machine = { ...options, threads: options.threads === 0 ? 1 : options.threads };
  return loadModel(around, folder.model, machine, { lanes: LANES, contextSize: LANES * CELLS });
}
