import type { Memory } from '../../../src/host/memory.js';

/** A vscode.Memento that forgets everything with the test; values are copied as VS Code copies them. */
export class FakeMemory implements Memory {
  readonly values = new Map<string, string>();

  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  get<T>(key: string): T | undefined {
    const text = this.values.get(key);
    return text === undefined ? undefined : (JSON.parse(text) as T);
  }

  update(key: string, value: unknown): Promise<void> {
    if (value === undefined) this.values.delete(key);
    else this.values.set(key, JSON.stringify(value));
    return Promise.resolve();
  }
}
