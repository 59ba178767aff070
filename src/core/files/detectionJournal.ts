import { z } from 'zod';
import { canonicalJson } from '../pairs/canonicalJson.js';
import { decodeCounts, encodeCounts } from './countCode.js';
import type { CountedPair } from '../statistics/countedPair.js';
import type { ModelFingerprint } from '../model.js';
import { THINKING, type Thinking } from '../thinking.js';
import { fingerprintSchema } from './modelSchema.js';

/** Everything besides the pairs that counts depend on. Counts of another header are of no use. */
export interface JournalHeader {
  journal: 'steermoe-detection';
  version: 1;
  model: ModelFingerprint;
  /** L x E. */
  experts: number;
  /** Extra variables of the chat template. */
  template: Record<string, unknown>;
  /** Absent: as the chat template does by itself. */
  thinking?: Thinking;
}

/** A finished pair: known again by its fingerprint, so that an edited pairs file reuses what did not change. */
export interface JournalPair {
  fingerprint: string;
  tokens: CountedPair['tokens'];
  counts: CountedPair['counts'];
}

export interface Journal {
  /** Undefined where the text does not start with a header that this version reads. */
  header: JournalHeader | undefined;
  pairs: JournalPair[];
  /** Some line was cut off or garbled and ignored, as a crash leaves one. Start the next line with a line break. */
  torn: boolean;
}

const headerSchema = z.object({
  journal: z.literal('steermoe-detection'),
  version: z.literal(1),
  model: fingerprintSchema,
  experts: z.int().min(1),
  template: z.record(z.string(), z.unknown()),
  thinking: z.enum(THINKING).exactOptional(),
});

const tokens = z
  .int()
  .min(0)
  .max(2 ** 32 - 1);
const pairSchema = z.object({ pair: z.string(), tokens: z.tuple([tokens, tokens]), a: z.string(), b: z.string() });

/** The first line of a journal, with its line break. */
export function encodeJournalHeader(about: Omit<JournalHeader, 'journal' | 'version'>): string {
  return `${canonicalJson(journalHeader(about))}\n`;
}

/** `model` may carry more than a fingerprint; only that is kept. */
export function journalHeader({
  model,
  experts,
  template,
  thinking,
}: Omit<JournalHeader, 'journal' | 'version'>): JournalHeader {
  return {
    journal: 'steermoe-detection',
    version: 1,
    model: fingerprintSchema.parse(model),
    experts,
    template,
    ...(thinking && { thinking }),
  };
}

/** Whether the counts of a journal with header `x` can be used by a detection with header `y`. */
export function isSameJournal(x: JournalHeader | undefined, y: JournalHeader): boolean {
  return x !== undefined && canonicalJson(x) === canonicalJson(y);
}

/** The line of a finished pair, with its line break. */
export function encodePairCounts(fingerprint: string, pair: Omit<CountedPair, 'index'>): string {
  const { a, b } = pair.counts;
  const line = { pair: fingerprint, tokens: [pair.tokens.a, pair.tokens.b], a: encodeCounts(a), b: encodeCounts(b) };
  return `${JSON.stringify(line)}\n`;
}

/** Reads a journal; never fails. Lines that are cut off or garbled are ignored, wherever they stand. */
export function readJournal(text: string): Journal {
  const lines = text.split('\n');
  const first = headerSchema.safeParse(jsonOf(lines[0] ?? ''));
  if (!first.success) return { header: undefined, pairs: [], torn: text !== '' };
  const journal: Journal = { header: first.data, pairs: [], torn: (lines.at(-1) ?? '') !== '' };
  for (const line of lines.slice(1)) {
    if (line === '') continue;
    const pair = readPairLine(line, first.data.experts);
    if (pair) journal.pairs.push(pair);
    else journal.torn = true;
  }
  return journal;
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined;
  }
}

function readPairLine(line: string, experts: number): JournalPair | undefined {
  const read = pairSchema.safeParse(jsonOf(line));
  if (!read.success) return undefined;
  const [tokensA, tokensB] = read.data.tokens;
  const a = decodeCounts(read.data.a, experts);
  const b = decodeCounts(read.data.b, experts);
  if (!a || !b || a.some((count) => count > tokensA) || b.some((count) => count > tokensB)) return undefined;
  return { fingerprint: read.data.pair, tokens: { a: tokensA, b: tokensB }, counts: { a, b } };
}
