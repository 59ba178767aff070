import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';

/** Whether a prompt can be sent; where not, why, and the button that helps. */
export type Readiness =
  | { can: 'send'; words: string }
  | { can: 'stop'; words: string }
  | { can: 'wait'; words: string }
  | { can: 'choose-model'; words: string }
  | { can: 'restart'; words: string };

export function readiness({ model, engine, answering }: PlaygroundSnapshot): Readiness {
  if (engine.state === 'failed') {
    const { failure } = engine;
    return { can: 'restart', words: failure ? `${failure.message} ${failure.next}` : engine.words };
  }
  if (!model && engine.state !== 'loading' && engine.state !== 'starting')
    return { can: 'choose-model', words: 'No model is chosen, so nobody can answer.' };
  if (answering) return { can: 'stop', words: '' };
  if (engine.state === 'ready') return { can: 'send', words: '' };
  // A model that was freed while idle is loaded again by sending.
  if (engine.state === 'stopped') return { can: 'send', words: engine.words };
  return { can: 'wait', words: engine.words };
}
