import { z } from 'zod';
import { compactJson } from './compactJson.js';
import type { DetectionAccumulator } from '../statistics/detectionAccumulator.js';
import type { ExpertsFile, ExpertStatistic } from '../statistics/expertStatistics.js';
import { THINKING } from '../thinking.js';
import { fingerprintSchema, shapeSchema } from './modelSchema.js';
import { parseJsonFile } from './parseJsonFile.js';

const counts = z.array(z.int().min(0));
const bounds = z.array(z.number().min(-1).max(1));
const sides = <T extends z.ZodType>(value: T) => z.object({ a: value, b: value });

const fields = z.object({
  version: z.literal(1),
  name: z.string().describe('What was looked for, for people.'),
  labels: sides(z.string()).describe('What the two sides are called.'),
  model: shapeSchema.extend({ fingerprint: fingerprintSchema }).describe('The model whose routers were watched.'),
  pairs: z.object({
    file: z.string().describe('The pairs file, relative to this file.'),
    fingerprint: z.string().describe('SHA-256 over the pairs that were used, in order.'),
    count: z.int().min(1).describe('Pairs that were used.'),
  }),
  options: z.object({
    replicates: z.int().min(1).describe('Bootstrap replicates behind intervals and q-values.'),
    limit: z.int().min(1).exactOptional().describe('Only the first so many pairs were used.'),
    thinking: z
      .enum(THINKING)
      .exactOptional()
      .describe('How the model was made to think; absent: as its chat template does by itself.'),
  }),
  tokens: sides(z.int().min(1)).describe('Target tokens of each side.'),
  counts: sides(counts).describe('Target tokens that selected each expert, layer by layer.'),
  statistics: z
    .object({ low: bounds, high: bounds, q: z.array(z.number().min(0).max(1)) })
    .describe("95 % interval of each expert's risk difference, and its q-value."),
});

/** The schema of a *.experts.json, with what its parts must agree on. */
export const expertsFileSchema: z.ZodType<ExpertsFile> = fields.superRefine((file, context) => {
  const wrong = (path: (string | number)[], message: string) => {
    context.addIssue({ code: 'custom', path, message });
  };
  const { model, tokens } = file;
  for (const field of ['architecture', 'layers', 'experts', 'expertsPerToken'] as const) {
    if (model[field] !== model.fingerprint[field]) wrong(['model', field], 'it differs from the fingerprint');
  }
  if (model.expertsPerToken > model.experts) wrong(['model', 'expertsPerToken'], 'there are fewer experts');
  model.moeLayers.forEach((layer, i) => {
    if (layer >= model.layers) wrong(['model', 'moeLayers', i], `the model has ${model.layers} layers`);
    if (i > 0 && layer <= model.moeLayers[i - 1]!) wrong(['model', 'moeLayers', i], 'layers must ascend');
  });
  const expected = model.moeLayers.length * model.experts;
  for (const [group, columns] of [
    ['counts', file.counts],
    ['statistics', file.statistics],
  ] as const) {
    for (const [column, values] of Object.entries<number[]>(columns)) {
      if (values.length !== expected) {
        wrong([group, column], `it has ${values.length} entries, layers times experts are ${expected}`);
      }
    }
  }
  for (const side of ['a', 'b'] as const) {
    const i = file.counts[side].findIndex((count) => count > tokens[side]);
    if (i >= 0) wrong(['counts', side, i], `it is more than the side's ${tokens[side]} tokens`);
  }
});

/** Reads a *.experts.json. Fails with HumanError file-invalid or file-newer. */
export function parseExpertsFile(text: string): ExpertsFile {
  return parseJsonFile(text, 'This list of experts', 1, expertsFileSchema);
}

/** The text of a *.experts.json: the same content always gives the same text. Fails where the content is not valid. */
export function formatExpertsFile(file: ExpertsFile): string {
  return compactJson(expertsFileSchema.parse(file));
}

/** The content of a *.experts.json from what detection added up and made of it. */
export function expertsFileOf(
  about: Pick<ExpertsFile, 'name' | 'labels' | 'model' | 'options'> & { pairs: Omit<ExpertsFile['pairs'], 'count'> },
  detection: DetectionAccumulator,
  statistics: readonly ExpertStatistic[],
): ExpertsFile {
  const { name, labels, options, pairs } = about;
  // Only what the file holds: a caller may hand over a whole ModelDescription.
  const model = shapeSchema.extend({ fingerprint: fingerprintSchema }).parse(about.model);
  return {
    version: 1,
    name,
    labels,
    model,
    pairs: { file: pairs.file, fingerprint: pairs.fingerprint, count: detection.pairs },
    options,
    tokens: { ...detection.tokens },
    counts: { a: Array.from(detection.counts.a), b: Array.from(detection.counts.b) },
    statistics: {
      low: statistics.map(({ low }) => low),
      high: statistics.map(({ high }) => high),
      q: statistics.map(({ q }) => q),
    },
  };
}
