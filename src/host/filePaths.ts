import { basename } from 'node:path';

export const PAIRS = /\.pairs\.(jsonl|csv)$/i;
export const EXPERTS = /\.experts\.json$/i;
export const STEERING = /\.steering\.json$/i;

/** "digits-or-words" of ".../digits-or-words.pairs.jsonl" and of what is made from it. */
export function stem(path: string): string {
  return basename(path).replace(/\.(pairs\.(jsonl|csv)|experts\.json|steering\.json|jsonl|csv|json)$/i, '');
}

/** Where the result of a detection goes: beside its pairs. */
export function expertsPath(pairsFile: string): string {
  return `${pairsFile.replace(/(\.pairs)?\.(jsonl|json|csv)$/i, '')}.experts.json`;
}

/** A name that can stand in a file name. */
export function fileNameOf(words: string): string {
  const plain = words.toLowerCase().replace(/[^a-z0-9._-]+/g, '-');
  return plain.replace(/^[-.]+|[-.]+$/g, '') || 'plan';
}
