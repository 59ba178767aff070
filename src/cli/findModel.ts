import { existsSync } from 'node:fs';
import { resolve } from 'node:path';
import { HumanError } from '../core/humanError.js';
import { findModels } from '../engine/models/findModels.js';
import { packageFile } from './packageFile.js';

/**
 * The GGUF that MODEL names: "demo", a path, or a model of this computer as `steermoe models` lists it. What looks like
 * a path stays one, so that the engine says what is wrong with it. Fails with HumanError model-missing.
 */
export async function findModel(model: string, folders: readonly string[] = []): Promise<string> {
  if (model === 'demo') return packageFile('media/demo/demo.gguf');
  const path = resolve(model);
  if (existsSync(path) || /\.gguf$/i.test(model)) return path;
  const known = await findModels(folders);
  const wanted = model.toLowerCase();
  const found = known.filter(({ name }) => name.toLowerCase() === wanted);
  if (found[0]) return found[0].path;
  throw new HumanError(
    'model-missing',
    `There is no model file ${model}, and no model of this computer has that name.`,
    'See "steermoe models" for those that are here, "steermoe models catalog" for more, or use "demo".',
  );
}
