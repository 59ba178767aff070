import { z } from 'zod';
import { compactJson } from './compactJson.js';
import { fingerprintSchema } from './modelSchema.js';
import { parseJsonFile } from './parseJsonFile.js';
import type { SteeringFile } from '../plans/plan.js';

const index = z.int().min(0);

const expert = z.object({
  layer: index.describe("llama.cpp's block number."),
  expert: index.describe("The expert's index in that layer."),
});

const mode = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('paper') }).describe('Activated experts are always selected, deactivated ones never.'),
  z
    .object({ kind: z.literal('soft'), strength: z.number().gt(0).max(10) })
    .describe('Router logits move by strength times their standard deviation.'),
]);

/** The schema of a *.steering.json. Whether the plan fits a model is checkPlan's and requireSameModel's business. */
export const steeringFileSchema: z.ZodType<SteeringFile> = z.object({
  version: z.literal(1),
  model: fingerprintSchema.extend({ name: z.string() }).describe('The model that the plan was made for.'),
  plan: z.object({
    mode,
    activated: z.array(expert).describe('At most as many in a layer as its router selects.'),
    deactivated: z.array(expert),
  }),
  origin: z
    .object({
      experts: z.string().exactOptional().describe('The list of experts that the plan was made from.'),
      toward: z.enum(['a', 'b']).exactOptional(),
      label: z.string().exactOptional(),
      on: index.exactOptional(),
      off: index.exactOptional(),
      layers: z.tuple([index, index]).exactOptional(),
      maxQ: z.number().min(0).max(1).exactOptional(),
    })
    .exactOptional()
    .describe('Where the plan came from; for people.'),
});

/** Reads a *.steering.json. Fails with HumanError file-invalid or file-newer. */
export function parseSteeringFile(text: string): SteeringFile {
  return parseJsonFile(text, 'This steering plan', 1, steeringFileSchema);
}

/** The text of a *.steering.json: an expert a line. Fails where the content is not valid. */
export function formatSteeringFile(file: SteeringFile): string {
  return compactJson(steeringFileSchema.parse(file));
}
