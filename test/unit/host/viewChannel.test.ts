import { describe, expect, it, vi } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import { nothing } from '../../../src/host/panel/readMessage.js';
import { anInteger } from '../../../src/host/panel/shapes.js';
import { ViewChannel } from '../../../src/host/panel/viewChannel.js';
import type { Contract } from '../../../src/protocol/webview.js';

interface Counting extends Contract {
  snapshot: { shown: number; list: object };
  requests: {
    double: { params: { of: number }; result: number };
    fail: { params: null; result: null };
    wait: { params: null; result: null };
  };
}

const LIST = { experts: 6144 };

function channel() {
  const sent: unknown[] = [];
  const logged: string[] = [];
  const signals: AbortSignal[] = [];
  let receive: (message: unknown) => void = () => undefined;
  let shown = 0;
  const made = new ViewChannel<Counting>({
    port: {
      postMessage: (message) => {
        sent.push(message);
        return Promise.resolve(true);
      },
      onDidReceiveMessage: (listener) => {
        receive = listener;
        return { dispose: () => undefined };
      },
    },
    readers: {
      double: (params) => {
        const of = anInteger((params as { of?: unknown } | null)?.of);
        return of === undefined ? undefined : { of };
      },
      fail: nothing,
      wait: nothing,
    },
    handlers: {
      double: ({ of }) => of * 2,
      fail: () => {
        throw new HumanError('file-missing', 'It is gone.', 'Restore it.');
      },
      wait: (_, signal) => {
        signals.push(signal);
        return new Promise(() => undefined);
      },
    },
    snapshot: () => ({ shown: ++shown, list: LIST }),
    log: (sentence) => logged.push(sentence),
  });
  return {
    made,
    sent,
    logged,
    signals,
    say: (message: unknown) => {
      receive(message);
    },
  };
}

const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

describe('the channel to a view', () => {
  it('answers requests with ok or with the failure in words', async () => {
    const { sent, say } = channel();
    say({ kind: 'request', id: 1, name: 'double', params: { of: 21 } });
    await settled();
    say({ kind: 'request', id: 2, name: 'fail', params: null });
    await settled();
    expect(sent).toEqual([
      { kind: 'answer', id: 1, answer: { ok: 42 } },
      {
        kind: 'answer',
        id: 2,
        answer: { error: { reason: 'file-missing', message: 'It is gone.', next: 'Restore it.' } },
      },
    ]);
  });

  it.each([
    ['no object', 'hello'],
    ['an unknown kind', { kind: 'shout', id: 3 }],
    ['no id', { kind: 'request', name: 'double', params: { of: 1 } }],
    ['a request of the prototype', { kind: 'request', id: 4, name: 'constructor', params: null }],
    ['wrong params', { kind: 'request', id: 5, name: 'double', params: { of: 'two' } }],
  ])('ignores %s, with a line in the log', async (_, message) => {
    const { sent, logged, say } = channel();
    say(message);
    await settled();
    expect(logged).toHaveLength(1);
    expect(sent.some((answer) => 'ok' in ((answer as { answer?: object }).answer ?? {}))).toBe(false);
  });

  it('sends no snapshot before the view is ready, then at most one a picture', () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
    try {
      const { made, sent, say } = channel();
      made.changed();
      expect(sent).toEqual([]);
      say({ kind: 'ready' });
      for (let i = 0; i < 100; i++) made.changed();
      const whole = { kind: 'snapshot', fields: { shown: 1, list: LIST } };
      expect(sent).toEqual([whole]);
      vi.advanceTimersByTime(40);
      expect(sent).toEqual([whole, { kind: 'snapshot', fields: { shown: 2 } }]);
      // A page that was hidden is made anew and knows nothing.
      say({ kind: 'ready' });
      expect(sent.at(-1)).toEqual({ kind: 'snapshot', fields: { shown: 3, list: LIST } });
    } finally {
      vi.useRealTimers();
    }
  });

  it('aborts what the view gives up, and everything when it is closed', async () => {
    const { made, signals, say } = channel();
    say({ kind: 'request', id: 1, name: 'wait', params: null });
    say({ kind: 'request', id: 2, name: 'wait', params: null });
    say({ kind: 'abort', id: 1 });
    await settled();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false]);
    made.dispose();
    expect(signals.map(({ aborted }) => aborted)).toEqual([true, true]);
  });
});
