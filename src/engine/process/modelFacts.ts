import type { Metadata } from './gguf/metadata.js';

/** The hyperparameters of a model, by their names without the architecture. */
export class ModelFacts {
  private readonly architecture: string;

  constructor(private readonly metadata: Metadata) {
    this.architecture = metadata.text('general.architecture') ?? '';
  }

  has(key: string): boolean {
    return this.metadata.get(`${this.architecture}.${key}`) !== undefined;
  }

  /** Of a list with a value for each block the largest; 0 where there is none. */
  largest(key: string): number {
    return this.metadata.count(`${this.architecture}.${key}`);
  }

  /** Of a list with a value for each block that of this one. */
  of(key: string, block: number): number {
    const values = this.metadata.numbers(`${this.architecture}.${key}`);
    return values.length > 1 ? Math.max(0, values[block] ?? 0) : this.largest(key);
  }
}
