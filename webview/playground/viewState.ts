import type { PlaygroundContract } from '../../src/protocol/webview.js';
import type { BoardView } from './boardView.js';
import type { PlaygroundSnapshot, PlaygroundSettings } from '../../src/protocol/webview.js';
import type { Board } from '../../src/core/plans/board.js';

/** What this view alone owns; it survives being hidden and reloaded. */
export interface ViewState {
  draft: string;
  /** The prompt that is being edited. */
  edit: { turn: number; prompt: string } | null;
  settingsOpen: boolean;
  /** null: as the width suggests. */
  folded: boolean | null;
  /** Whether the plan's filter and mode are shown. */
  moreOpen: boolean;
  /** How many of the ranking's first experts have a toggle. */
  top: number;
  /** null: pinned to the newest text. */
  scrollTop: number | null;
}

export const NEW_VIEW_STATE: ViewState = {
  draft: '',
  edit: null,
  settingsOpen: false,
  folded: null,
  moreOpen: false,
  top: 12,
  scrollTop: null,
};

/** What is drawn: the newest snapshot, with what was just changed here put over it. */
export interface Shown {
  snapshot: PlaygroundSnapshot;
  settings: PlaygroundSettings;
  /** null where there is neither a model nor a list. */
  view: BoardView | null;
}

type Requests = PlaygroundContract['requests'];

/** What the parts of the playground can do. A failed request is shown by `ask`, which then gives undefined. */
export interface Actions {
  ask<N extends keyof Requests>(name: N, params: Requests[N]['params']): Promise<Requests[N]['result'] | undefined>;
  setBoard(board: Board): void;
  setSettings(settings: PlaygroundSettings): void;
  /** Says something to a screen reader, politely. */
  announce(words: string): void;
  /** Shows a sentence that needs no answer. */
  tell(words: string): void;
  state: ViewState;
  /** Draws again with the next frame. */
  redraw(): void;
  /** Changes the view state and keeps it. */
  keep(change: Partial<ViewState>): void;
}
