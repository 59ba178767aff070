import type { ReadPairs } from './pairsIndex.js';

/** "12 pairs · 1 problem". */
export function pairsWords({ set, problems }: Pick<ReadPairs, 'set' | 'problems'>): string {
  const pairs = count(set.pairs.length, 'pair');
  return problems.length === 0 ? pairs : `${pairs} · ${count(problems.length, 'problem')}`;
}

function count(number: number, what: string): string {
  return `${number.toLocaleString('en')} ${what}${number === 1 ? '' : 's'}`;
}
