/** What an engine process is started with; passed as JSON in its first argument. */
export interface EngineOptions {
  /** "auto" takes the best GPU backend whose libraries are installed and work; "cpu" none. */
  gpu: 'auto' | 'cpu' | 'cuda' | 'vulkan' | 'metal';
}
