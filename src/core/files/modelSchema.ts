import { z } from 'zod';
import type { ModelFingerprint, ModelShape } from '../model.js';

const count = z.int().min(1);

export const fingerprintSchema = z.object({
  architecture: z.string().describe('The GGUF\'s general.architecture, for instance "qwen3moe".'),
  layers: count.describe('Blocks of the model, dense ones included.'),
  experts: count.describe('Experts that a router of a layer chooses from.'),
  expertsPerToken: count.describe('Experts that a router selects for a token.'),
  tensors: z.string().describe("SHA-256 over the GGUF's tensor table and samples of the routers' weights."),
}) satisfies z.ZodType<ModelFingerprint>;

export const shapeSchema = z.object({
  architecture: z.string(),
  name: z.string().describe("The model's name, for people."),
  moeLayers: z
    .array(z.int().min(0))
    .min(1)
    .describe("llama.cpp's block numbers of the MoE layers, ascending; the order of every column."),
  layers: count,
  experts: count,
  expertsPerToken: count,
}) satisfies z.ZodType<ModelShape>;
