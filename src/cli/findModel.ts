import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { HumanError } from '../core/humanError.js';
import { findModels } from '../engine/models/findModels.js';
import { modelOfFile } from '../engine/models/ggufFiles.js';
import type { KnownModel } from '../engine/models/knownModel.js';
import { packageFile } from './packageFile.js';

const DEMO = 'media/demo/demo.gguf';

/**
 * The GGUF that MODEL names: "demo", a path, or a model of this computer as `steermoe models` lists it. What looks like
 * a path stays one, so that the engine says what is wrong with it. Fails with HumanError model-missing.
 */
export async function findModel(model: string): Promise<string> {
  if (model === 'demo') return packageFile(DEMO);
  const path = resolve(model);
  if (existsSync(path) || /\.gguf$/i.test(model)) return path;
  const wanted = model.toLowerCase();
  const found = (await findModels([])).find(({ name }) => name.toLowerCase() === wanted);
  if (found) return found.path;
  throw new HumanError(
    'model-missing',
    `There is no model file ${model}, and no model of this computer has that name.`,
    'See "steermoe models" for those that are here, "steermoe models catalog" for more, or use "demo".',
  );
}

/** The demo, and what else is on this computer. */
export async function knownModels(): Promise<KnownModel[]> {
  const demo = await modelOfFile(packageFile(DEMO), 'demo', 'demo');
  return [...(demo ? [demo] : []), ...(await findModels([]))];
}
