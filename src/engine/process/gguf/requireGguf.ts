import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { HumanError } from '../../../core/humanError.js';
import { aboutFile } from './brokenModel.js';

/** Throws HumanError where the path names no file, or a file of another kind. Opens nothing that could block, as a pipe does. */
export function requireGguf(path: string): void {
  const stats = aboutFile(path, () => statSync(path));
  if (stats.isDirectory())
    throw new HumanError('model-missing', `${path} is a folder, not a model file.`, 'Name a .gguf file in it.');
  if (!stats.isFile())
    throw new HumanError('model-missing', `${path} is a device or a pipe, not a model file.`, 'Name a .gguf file.');
  if (aboutFile(path, () => start(path)) !== 'GGUF')
    throw new HumanError(
      'model-invalid',
      `${path} is not a GGUF model: it does not start with "GGUF".`,
      'Choose a .gguf file; models in other formats are converted with llama.cpp’s convert_hf_to_gguf.py.',
    );
}

function start(path: string): string {
  const file = openSync(path, 'r');
  try {
    const magic = Buffer.alloc(4);
    return magic.toString('latin1', 0, readSync(file, magic, 0, 4, 0));
  } finally {
    closeSync(file);
  }
}
