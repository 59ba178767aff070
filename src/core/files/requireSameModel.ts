import { HumanError } from '../humanError.js';
import type { ModelFingerprint } from '../model.js';

const FIELDS: readonly [keyof ModelFingerprint, (value: string | number) => string][] = [
  ['architecture', (value) => `a model of architecture ${value}`],
  ['layers', (value) => `a model with ${value} layers`],
  ['experts', (value) => `a model with ${value} experts a layer`],
  ['expertsPerToken', (value) => `a model whose router selects ${value} experts a token`],
];

/**
 * Fails with HumanError plan-mismatch where something was made for another model than the one at hand, naming the first
 * field that differs. `what` is the file in words, such as "This steering plan".
 */
export function requireSameModel(of: ModelFingerprint, model: ModelFingerprint, what: string): void {
  const next = 'Load the model that it was made for, or run detection with the model that is loaded.';
  for (const [field, inWords] of FIELDS) {
    if (of[field] === model[field]) continue;
    const message = `${what} was made for ${inWords(of[field])}, but the loaded one is ${inWords(model[field])}.`;
    throw new HumanError('plan-mismatch', message, next);
  }
  if (of.tensors === model.tensors) return;
  throw new HumanError(
    'plan-mismatch',
    `${what} was made for a model of the same shape but with other weights (another model, version or quantisation).`,
    next,
  );
}
