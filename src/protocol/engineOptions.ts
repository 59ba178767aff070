/** Where llama.cpp can compute. The processor is always there. */
export type Backend = 'cpu' | 'cuda' | 'vulkan' | 'metal';

/** How an engine is asked for. */
export interface EngineOptions {
  /** "auto" takes the best backend that this computer supports and that passes its trial; "cpu" the processor. */
  gpu: 'auto' | Backend;
}
