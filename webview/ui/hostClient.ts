import { isObject } from '../../src/core/pairs/finding.js';
import { HumanError } from '../../src/core/humanError.js';
import type { Answer, Contract, Failure, ToHost } from '../../src/protocol/webview.js';

/** What VS Code gives a webview to speak with its host. */
export interface HostApi {
  postMessage(message: unknown): void;
  getState(): unknown;
  setState(state: unknown): void;
}

export interface HostClient<C extends Contract, State> {
  /**
   * Asks the host. Fails with the host's HumanError, or with `cancelled` when the signal aborts (the host is told).
   * Without `timeout` (milliseconds) it waits as long as it takes: behind many requests stands a dialog or a model.
   */
  request<N extends keyof C['requests'] & string>(
    name: N,
    params: C['requests'][N]['params'],
    options?: { signal?: AbortSignal; timeout?: number },
  ): Promise<C['requests'][N]['result']>;
  /** View state that outlives hiding and reloading; undefined where there is none yet. */
  readState(): Partial<State>;
  keepState(part: Partial<State>): void;
  /** Stops listening and rejects what is still open. */
  dispose(): void;
}

interface Open {
  resolve(value: unknown): void;
  reject(error: HumanError): void;
}

declare const acquireVsCodeApi: (() => HostApi) | undefined;

/**
 * Connects a view of contract C: says that it is ready and hands on every snapshot that `fits`. A message carries the
 * fields that changed; the others are those of before, the same objects. Messages that do not fit are ignored.
 */
export function connectHost<C extends Contract, State extends object>(options: {
  fits(snapshot: unknown): snapshot is C['snapshot'];
  onSnapshot(snapshot: C['snapshot']): void;
  host?: HostApi;
}): HostClient<C, State> {
  const host = options.host ?? hostApi();
  const open = new Map<number, Open>();
  let lastId = 0;
  let snapshot: object = {};
  const tell = (message: ToHost<C>): void => {
    host.postMessage(message);
  };
  const settle = (id: number, done: (request: Open) => void): void => {
    const request = open.get(id);
    open.delete(id);
    if (request) done(request);
  };
  const listen = ({ data }: MessageEvent<unknown>): void => {
    if (!isObject(data)) return;
    if (data.kind === 'snapshot' && isObject(data.fields)) {
      const next: unknown = { ...snapshot, ...data.fields };
      if (!options.fits(next)) return;
      snapshot = next;
      options.onSnapshot(next);
    }
    const { answer } = data;
    if (data.kind !== 'answer' || typeof data.id !== 'number' || !isAnswer(answer)) return;
    settle(data.id, (request) => {
      if ('ok' in answer) request.resolve(answer.ok);
      else request.reject(humanError(answer.error));
    });
  };
  window.addEventListener('message', listen);
  tell({ kind: 'ready' });

  return {
    request: (name, params, { signal, timeout } = {}) =>
      new Promise((resolve, reject) => {
        const id = ++lastId;
        const giveUp = (error: HumanError): void => {
          settle(id, (request) => {
            tell({ kind: 'abort', id });
            request.reject(error);
          });
        };
        const onAbort = (): void => {
          giveUp(new HumanError('cancelled', 'This was cancelled.', 'Start it again when you want it.'));
        };
        if (signal?.aborted) {
          reject(new HumanError('cancelled', 'This was cancelled.', 'Start it again when you want it.'));
          return;
        }
        const timer =
          timeout === undefined
            ? undefined
            : setTimeout(() => {
                giveUp(new HumanError('engine-hung', 'The extension did not answer.', 'Reload the window.'));
              }, timeout);
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', onAbort);
        };
        signal?.addEventListener('abort', onAbort);
        open.set(id, {
          resolve(value) {
            done();
            resolve(value);
          },
          reject(error) {
            done();
            reject(error);
          },
        });
        host.postMessage({ kind: 'request', id, name, params });
      }),
    readState: () => {
      const state = host.getState();
      return isObject(state) ? (state as Partial<State>) : {};
    },
    keepState(part) {
      const state = host.getState();
      host.setState({ ...(isObject(state) ? state : {}), ...part });
    },
    dispose() {
      window.removeEventListener('message', listen);
      for (const id of [...open.keys()])
        settle(id, (request) => {
          request.reject(new HumanError('cancelled', 'The view was closed.', 'Open it again.'));
        });
    },
  };
}

/** What failed, as a view shows it, whatever was thrown. */
export function failureOf(error: unknown): Failure {
  if (error instanceof HumanError) return { reason: error.reason, message: error.message, next: error.next };
  const message = error instanceof Error ? error.message : String(error);
  return { reason: 'engine-failed', message, next: 'Try again; if it stays, reload the window.' };
}

function humanError({ reason, message, next }: Failure): HumanError {
  return new HumanError(reason, message, next);
}

export function isFailure(value: unknown): value is Failure {
  return (
    isObject(value) &&
    typeof value.reason === 'string' &&
    typeof value.message === 'string' &&
    typeof value.next === 'string'
  );
}

function isAnswer(value: unknown): value is Answer<unknown> {
  return isObject(value) && ('ok' in value || isFailure(value.error));
}

/** VS Code's API, which can be acquired once a page; outside VS Code one that keeps state and talks to nobody. */
function hostApi(): HostApi {
  if (typeof acquireVsCodeApi === 'function') return acquireVsCodeApi();
  let state: unknown;
  return {
    postMessage: () => undefined,
    getState: () => state,
    setState(next) {
      state = next;
    },
  };
}
