import type { Backend } from '../protocol/engineOptions.js';

/** What a window or a run of the command line has learned of the backends of this computer; outlives engine processes. */
export class BackendMemory {
  private readonly passed = new Set<Backend>();
  private readonly failed = new Map<Backend, string>();
  private supported: Backend[] | undefined;

  /** What was wanted and does not work, and what runs instead, in a sentence; null while all is as it was wanted. */
  fallback: string | null = null;

  async supportedBy(ask: () => Promise<Backend[]>): Promise<Backend[]> {
    this.supported ??= await ask();
    return this.supported;
  }

  hasPassed(backend: Backend): boolean {
    return this.passed.has(backend);
  }

  hasFailed(backend: Backend): boolean {
    return this.failed.has(backend);
  }

  pass(backend: Backend): void {
    this.passed.add(backend);
  }

  /** It is not tried again. An empty sentence is no news: "auto" goes past what is not installed. */
  fail(backend: Backend, sentence: string): void {
    this.failed.set(backend, sentence);
  }

  /** Why the backends that were tried before this one are not used. */
  failures(): string[] {
    return [...this.failed.values()].filter((sentence) => sentence !== '');
  }

  /** Everything is tried anew, as after a new driver. */
  forget(): void {
    this.passed.clear();
    this.failed.clear();
    this.supported = undefined;
    this.fallback = null;
  }
}
