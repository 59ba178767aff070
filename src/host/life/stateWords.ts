import type { SessionState } from './engineSession.js';

/** What the engine does, for people. */
export function stateWords(state: SessionState, holdsModel: boolean): string {
  switch (state) {
    case 'stopped':
      return 'The engine rests; it starts when it is needed.';
    case 'starting':
      return 'The engine is starting...';
    case 'loading':
      return 'The model is being loaded...';
    case 'ready':
      return holdsModel ? 'The model is ready.' : 'The engine is ready.';
    case 'busy':
      return 'The engine is at work.';
    case 'crashed':
      return 'The engine stopped unexpectedly; it starts again when it is needed.';
    case 'failed':
      return 'The engine failed.';
  }
}

/** Name of the product icon. */
export function stateIcon(state: SessionState): string {
  switch (state) {
    case 'starting':
    case 'loading':
    case 'busy':
      return 'loading~spin';
    case 'failed':
    case 'crashed':
      return 'warning';
    case 'ready':
      return 'circle-filled';
    case 'stopped':
      return 'circle-large-outline';
  }
}
