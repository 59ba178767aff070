/** A pair: two conversations that show opposite behaviours, each with the span of text that is compared. */
export type Side = 'a' | 'b';
export const SIDES: readonly Side[] = ['a', 'b'];

export type Role = 'system' | 'user' | 'assistant';

export interface Message {
  role: Role;
  content: string;
  /** What an assistant thought before it answered; templates decide whether the model sees it. Never compared. */
  thinking?: string;
}

/** Where the compared text stands: characters [start, end) of one message's content. */
export interface Target {
  /** Index of the message. */
  message: number;
  /** UTF-16 offsets into that message's content; end exclusive. */
  start: number;
  end: number;
}

export interface Conversation {
  messages: Message[];
  target: Target;
}

export interface Pair {
  a: Conversation;
  b: Conversation;
  /** 1-based line of the pair in its file, for problems that only the engine can see. */
  line: number;
}

export interface PairSet {
  name: string;
  /** What the sides are called, for instance "digits" and "words". "a" and "b" where the file names none. */
  labels: Record<Side, string>;
  pairs: Pair[];
}

/** Something wrong in a file that a person writes. Line and column are 1-based, columns in UTF-16 units. */
export interface Problem {
  line: number;
  column: number;
  endColumn?: number;
  message: string;
  severity: 'error' | 'warning';
}
