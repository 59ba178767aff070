import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** A file of the package. The bundle lies in dist/, one folder below the package's root. */
export function packageFile(path: string): string {
  return fileURLToPath(new URL(`../${path}`, import.meta.url));
}

/** The GGUF that MODEL names: a path, or "demo" for the model that comes with SteerMoE. */
export function modelPath(model: string): string {
  return model === 'demo' ? packageFile('media/demo/demo.gguf') : resolve(model);
}
