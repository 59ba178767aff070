import { HumanError } from '../../../core/humanError.js';
import { Fault } from './fault.js';

/** Does what may find a fault in the file, or find it unreadable, and says so as HumanError. */
export function aboutFile<T>(path: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof Fault) throw brokenModel(path, error.message);
    const code = (error as NodeJS.ErrnoException).code;
    throw code === undefined ? error : unreadableModel(path, code);
  }
}

function brokenModel(path: string, why: string): HumanError {
  return new HumanError(
    'model-invalid',
    `${path} is a broken GGUF model: ${why}.`,
    'Download or convert the model again.',
  );
}

export function unreadableModel(path: string, code: string): HumanError {
  return code === 'ENOENT'
    ? new HumanError(
        'model-missing',
        `There is no model file ${path}.`,
        'Check the path, or use "demo" for the model that comes with SteerMoE.',
      )
    : new HumanError('model-missing', `The model file ${path} cannot be read (${code}).`, 'Check its permissions.');
}
