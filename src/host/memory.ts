/** What of vscode.Memento is used: a few values that outlive the window. */
export interface Memory {
  // As in vscode.Memento: who asks says what it is.
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters
  get<T>(key: string): T | undefined;
  update(key: string, value: unknown): PromiseLike<void>;
}
