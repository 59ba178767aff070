/**
 * The messages between the extension host and a webview. The host owns what is true and sends it as a snapshot: to a view
 * that says "ready" all its fields, after that those that changed, each whole. A view that was hidden is made anew, says
 * "ready" again, and is right. A webview asks by requests; each gets one answer. Everything is plain data that structured
 * clone can copy.
 */
import type { Board } from '../core/plans/board.js';
import type { ExpertsFile } from '../core/statistics/expertStatistics.js';
import type { Reason } from '../core/humanError.js';
import type { Side } from '../core/pairs/pair.js';
import type { ThinkingSwitch, ThinkingWish } from '../core/thinking.js';
import type { LaneResult, Sampling } from './engine.js';

// ---- the envelope ----

export type Answer<T> = { ok: T } | { error: Failure };

export interface Failure {
  reason: Reason;
  message: string;
  next: string;
}

/** What a view of contract C says to the host. */
export type ToHost<C extends Contract> =
  | { kind: 'ready' }
  | {
      [N in keyof C['requests']]: { kind: 'request'; id: number; name: N; params: C['requests'][N]['params'] };
    }[keyof C['requests']]
  | { kind: 'abort'; id: number };

/** What the host says to a view of contract C. */
export type ToView<C extends Contract> =
  { kind: 'snapshot'; fields: Partial<C['snapshot']> } | { kind: 'answer'; id: number; answer: Answer<unknown> };

export interface Contract {
  snapshot: object;
  requests: Record<string, { params: unknown; result: unknown }>;
}

// ---- the activation charts: editor of *.experts.json ----

export interface ActivationsSnapshot {
  fileName: string;
  /** The file, or why it cannot be shown: a failure stands in the view with its next step. null: it is being read. */
  content: { file: ExpertsFile } | { failure: Failure } | null;
  board: Board;
  /** Pairs of the pairs file that the token view can show; 0 where the file is gone. */
  pairs: number;
  /** Whether the current model is the one that the list was made for: the token view needs it. */
  engine: 'ready' | 'other-model' | 'no-model';
}

export interface ActivationsContract extends Contract {
  snapshot: ActivationsSnapshot;
  requests: {
    setBoard: { params: { board: Board }; result: null };
    /** Runs one pair through the model (loading it if need be) and returns every target token with its experts. */
    showPair: { params: { pair: number }; result: PairTokens };
    openPlayground: { params: null; result: null };
    savePlan: { params: null; result: { file: string } | null };
    /** Asks where to save, then writes. `data` is text for CSV and SVG, base64 for PNG. */
    export: { params: { format: 'png' | 'svg' | 'csv'; data: string }; result: { file: string } | null };
    openAsText: { params: null; result: null };
    copy: { params: { text: string }; result: null };
  };
}

export interface PairTokens {
  pair: number;
  line: number;
  sides: Record<Side, TokenRow>;
}

export interface TokenRow {
  /** The rendered conversation, and its tokens' UTF-16 offsets. */
  text: string;
  start: number[];
  end: number[];
  /** Token range [from, to) of the target span. */
  target: { from: number; to: number };
  /** (to - from) x L x k expert ids, in the order of moeLayers, highest first. */
  experts: number[];
}

// ---- the playground ----

export interface PlaygroundSnapshot {
  model: {
    name: string;
    summary: string;
    moeLayers: number[];
    experts: number;
    expertsPerToken: number;
    /** Absent where thinking cannot be switched. */
    thinking?: ThinkingSwitch;
  } | null;
  engine: {
    state: 'stopped' | 'starting' | 'loading' | 'ready' | 'busy' | 'failed';
    words: string;
    failure: Failure | null;
  };
  /** The list behind the board; null: experts are set by hand alone, without figures. */
  list: { fileName: string; file: ExpertsFile } | null;
  /** Lists and plans of the workspace that fit the model, to choose from. */
  lists: { uri: string; label: string }[];
  plans: { uri: string; label: string }[];
  board: Board;
  /** The plan of the board as a key: an answer with another key was made with an older plan. */
  planKey: string;
  /** Experts that the board asks for and a layer has no room for, in words. */
  dropped: string[];
  settings: PlaygroundSettings;
  /** Turns whose answers have ended, oldest first. */
  turns: readonly Turn[];
  /** The turn after them that is being answered: apart, so that a token does not send the whole conversation again. */
  answering: Turn | null;
  /** A prompt to type into an empty composer, once: the view takes it and says so. Each has a number of its own. */
  draft: { id: number; prompt: string } | null;
}

export interface PlaygroundSettings {
  compare: boolean;
  systemPrompt: string;
  sampling: Sampling;
  maxTokens: number;
  /** Where the model cannot do it, its chat template decides. */
  thinking: ThinkingWish;
}

export interface Turn {
  id: number;
  prompt: string;
  baseline: SideAnswer | null;
  steered: SideAnswer | null;
}

export interface SideAnswer {
  text: string;
  /** UTF-16 end offset in text of each answer token, for hovering. */
  tokenEnds: number[];
  state: 'running' | 'done' | 'stopped' | 'failed';
  /** Why a done answer ended; null before that, and in conversations kept by older versions. */
  stop: LaneResult['stop'] | null;
  tokensPerSecond: number;
  failure: Failure | null;
  planKey: string;
  /** For instance "toward digits +2 -2". */
  planWords: string;
}

export type AnswerSide = 'baseline' | 'steered';

export interface PlaygroundContract extends Contract {
  snapshot: PlaygroundSnapshot;
  requests: {
    send: { params: { prompt: string }; result: null };
    stop: { params: null; result: null };
    /** Answers a turn again with the board as it is now; the turns after it are dropped. */
    regenerate: { params: { turn: number }; result: null };
    editTurn: { params: { turn: number; prompt: string }; result: null };
    clear: { params: null; result: null };
    draftTaken: { params: null; result: null };
    setBoard: { params: { board: Board }; result: null };
    setSettings: { params: { settings: PlaygroundSettings }; result: null };
    chooseModel: { params: null; result: null };
    chooseList: { params: { uri: string }; result: null };
    loadPlan: { params: { uri: string }; result: null };
    savePlan: { params: null; result: { file: string } | null };
    /** Appends the two answers of a turn to a pairs file that the user chooses, as sides a and b. */
    saveAsPair: { params: { turn: number; a: AnswerSide }; result: { file: string } | null };
    /** The experts that an answer token selected: k ids a layer; null for a token that was never routed. */
    tokenExperts: { params: { turn: number; side: AnswerSide; token: number }; result: { experts: number[] } | null };
    copy: { params: { text: string }; result: null };
    restartEngine: { params: null; result: null };
  };
}
