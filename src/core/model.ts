import type { ThinkingSwitch } from './thinking.js';

/** What the method needs to know of a Mixture-of-Experts model, and how two models are told apart. */
export interface ModelShape {
  /** `general.architecture` of the GGUF, for instance "qwen3moe". */
  architecture: string;
  /** `general.name`, or the file's name where the GGUF has none. */
  name: string;
  /** llama.cpp's block numbers of the MoE layers, ascending. Everything per layer is stored in this order. */
  moeLayers: number[];
  /** Blocks of the model, dense ones included. */
  layers: number;
  /** Experts that a router of a layer chooses from. */
  experts: number;
  /** Experts that a router selects for a token: the k of top-k. */
  expertsPerToken: number;
}

/**
 * Identifies the model that a list or plan was made for. Two quantisations of one model differ in `tensors`.
 * A plan fits a model when all fields are equal.
 */
export interface ModelFingerprint {
  architecture: string;
  layers: number;
  experts: number;
  expertsPerToken: number;
  /** SHA-256 (hex) over the GGUF's tensor table and samples of the routers' weights. */
  tensors: string;
}

/** A loaded or inspected model as the files and the surfaces show it. */
export interface ModelDescription extends ModelShape {
  fingerprint: ModelFingerprint;
  /** Tokens of context that the model was trained for. */
  trainedContext: number;
  parameters: number;
  /** Bytes of the file(s). */
  bytes: number;
  /** Quantisation in words, for instance "Q4_K - Medium". */
  quantization: string;
  chatTemplate: string | null;
  /** Absent where the chat template has no switch for it. */
  thinking?: ThinkingSwitch;
}
