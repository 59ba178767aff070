/** One kind of news that others can listen to; what `on` returns fits VS Code's Event type. */
export class Changes<T = void> {
  private readonly listeners = new Set<(news: T) => void>();

  readonly on = (listener: (news: T) => void, self?: unknown): { dispose(): void } => {
    const own = (news: T): void => {
      listener.call(self, news);
    };
    this.listeners.add(own);
    return { dispose: () => this.listeners.delete(own) };
  };

  fire(news: T): void {
    for (const listener of [...this.listeners]) listener(news);
  }
}
