import type { PlaygroundSnapshot, Turn } from '../../src/protocol/webview.js';

/** The conversation, oldest first; the turn that is being answered is the last. */
export function allTurns({ turns, answering }: Pick<PlaygroundSnapshot, 'turns' | 'answering'>): readonly Turn[] {
  return answering ? [...turns, answering] : turns;
}
