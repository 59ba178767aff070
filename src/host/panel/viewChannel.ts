import type { Answer, Contract, ToView } from '../../protocol/webview.js';
import { HumanError } from '../../core/humanError.js';
import { failureOf } from '../failure.js';
import { readMessage, type ParamsReaders } from './readMessage.js';
import { SentFields } from './sentFields.js';

/** What of vscode.Webview a channel speaks through. */
export interface MessagePort {
  postMessage(message: unknown): PromiseLike<boolean>;
  onDidReceiveMessage(listener: (message: unknown) => void): { dispose(): void };
}

export type Handlers<C extends Contract> = {
  [N in keyof C['requests']]: (
    params: C['requests'][N]['params'],
    signal: AbortSignal,
  ) => Promise<C['requests'][N]['result']> | C['requests'][N]['result'];
};

export interface ChannelParts<C extends Contract> {
  port: MessagePort;
  readers: ParamsReaders<C>;
  handlers: Handlers<C>;
  snapshot(): C['snapshot'];
  /** A message that was ignored, and what was thrown that is no HumanError. */
  log(sentence: string): void;
}

/** Between two snapshots of a view, in milliseconds: about one a picture. */
const PUSH_EVERY = 33;

/** The host's end of one view: checks what comes, answers each request once, and sends what changed not too often. */
export class ViewChannel<C extends Contract> {
  private readonly running = new Map<number, AbortController>();
  private readonly subscription: { dispose(): void };
  private readonly sent = new SentFields();
  private listening = false;
  private disposed = false;
  private pushedAt = -Infinity;
  private timer: NodeJS.Timeout | undefined;

  constructor(private readonly parts: ChannelParts<C>) {
    this.subscription = parts.port.onDidReceiveMessage((message) => {
      this.receive(message);
    });
  }

  /** The snapshot has changed: sends it now, or with what changes in the next few milliseconds. */
  changed(): void {
    if (!this.listening || this.timer !== undefined || this.disposed) return;
    const wait = PUSH_EVERY - (performance.now() - this.pushedAt);
    if (wait <= 0) this.push();
    else
      this.timer = setTimeout(() => {
        this.timer = undefined;
        this.push();
      }, wait);
  }

  dispose(): void {
    this.disposed = true;
    clearTimeout(this.timer);
    this.subscription.dispose();
    for (const controller of this.running.values())
      controller.abort(new HumanError('cancelled', 'The view was closed.', 'Open it again.'));
    this.running.clear();
  }

  private receive(value: unknown): void {
    const message = readMessage(this.parts.readers, value);
    if (typeof message === 'string') {
      this.parts.log(`A message from the view was ignored: ${message}.`);
      const id = (value as { id?: unknown } | null)?.id;
      if (typeof id === 'number') this.answer(id, { error: misfit(message) });
      return;
    }
    if (message.kind === 'ready') {
      this.listening = true;
      // A new page, that knows nothing yet.
      this.sent.forget();
      this.push();
    } else if (message.kind === 'abort') this.running.get(message.id)?.abort();
    else void this.handle(message.id, message.name, message.params);
  }

  private async handle<N extends keyof C['requests']>(
    id: number,
    name: N,
    params: C['requests'][N]['params'],
  ): Promise<void> {
    const controller = new AbortController();
    this.running.set(id, controller);
    try {
      const ok = await this.parts.handlers[name](params, controller.signal);
      this.answer(id, { ok });
    } catch (error) {
      if (!(error instanceof HumanError))
        this.parts.log(
          `"${String(name)}" failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        );
      this.answer(id, { error: failureOf(error) });
    } finally {
      this.running.delete(id);
    }
  }

  private answer(id: number, answer: Answer<unknown>): void {
    this.send({ kind: 'answer', id, answer });
  }

  private push(): void {
    if (this.disposed) return;
    const fields = this.sent.changed(this.parts.snapshot());
    if (Object.keys(fields).length === 0) return;
    this.pushedAt = performance.now();
    this.send({ kind: 'snapshot', fields });
  }

  private send(message: ToView<C>): void {
    if (this.disposed) return;
    // A view that was hidden is gone; it says "ready" again when it is shown.
    this.parts.port.postMessage(message).then(undefined, () => undefined);
  }
}

function misfit(why: string) {
  return {
    reason: 'engine-failed' as const,
    message: `The view asked for something that the extension does not know: ${why}.`,
    next: 'Reload the window.',
  };
}
