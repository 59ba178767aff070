import { DEFAULT_CELLS } from '../memory/modelMemory.js';

/** A GGUF of a Mixture-of-Experts model that is worth having. */
export interface CatalogModel {
  name: string;
  /** What `steermoe models get` takes. */
  uri: string;
  quant: string;
  /** Of all parts together. About: it was not compared with the server's. */
  bytes: number;
  /** Keys and values of one token at 16 bits, all layers together, by the model's published configuration. */
  cell: number;
  licence: string;
  /** MoE layers, experts of each, experts per token. */
  shape: [layers: number, experts: number, expertsPerToken: number];
}

/** Besides weights and cache: the engine itself, and what a step computes in. */
const ENGINE_BYTES = 0.4e9;

/** The six models of the SteerMoE paper (arXiv 2509.09660), smallest first. */
export const MODEL_CATALOG: readonly CatalogModel[] = [
  {
    name: 'OLMoE 1B-7B 0125 Instruct',
    uri: 'hf:allenai/OLMoE-1B-7B-0125-Instruct-GGUF:Q4_K_M',
    quant: 'Q4_K_M',
    bytes: 4.2e9,
    cell: 16 * 2 * 16 * 128 * 2,
    licence: 'Apache-2.0',
    shape: [16, 64, 8],
  },
  {
    name: 'gpt-oss-20b',
    uri: 'hf:ggml-org/gpt-oss-20b-GGUF:MXFP4',
    quant: 'MXFP4',
    bytes: 12.1e9,
    cell: 24 * 2 * 8 * 64 * 2,
    licence: 'Apache-2.0',
    shape: [24, 32, 4],
  },
  {
    name: 'Qwen3-30B-A3B',
    uri: 'hf:Qwen/Qwen3-30B-A3B-GGUF:Q4_K_M',
    quant: 'Q4_K_M',
    bytes: 18.6e9,
    cell: 48 * 2 * 4 * 128 * 2,
    licence: 'Apache-2.0',
    shape: [48, 128, 8],
  },
  {
    name: 'Phi-3.5-MoE-instruct',
    uri: 'hf:bartowski/Phi-3.5-MoE-instruct-GGUF:Q4_K_M',
    quant: 'Q4_K_M',
    bytes: 25.3e9,
    cell: 32 * 2 * 8 * 128 * 2,
    licence: 'MIT',
    shape: [32, 16, 2],
  },
  {
    name: 'Mixtral-8x7B-Instruct-v0.1',
    uri: 'hf:mradermacher/Mixtral-8x7B-Instruct-v0.1-GGUF:Q4_K_M',
    quant: 'Q4_K_M',
    bytes: 28e9,
    cell: 32 * 2 * 8 * 128 * 2,
    licence: 'Apache-2.0',
    shape: [32, 8, 2],
  },
  {
    name: 'gpt-oss-120b',
    uri: 'hf:ggml-org/gpt-oss-120b-GGUF:MXFP4',
    quant: 'MXFP4',
    bytes: 63.4e9,
    cell: 36 * 2 * 8 * 64 * 2,
    licence: 'Apache-2.0',
    shape: [36, 128, 4],
  },
];

/** About how many bytes of the computer's memory a model takes, with the cache that it gets where nobody asks for more. */
export function catalogMemory({ bytes, cell }: CatalogModel): number {
  return bytes + cell * DEFAULT_CELLS + ENGINE_BYTES;
}
