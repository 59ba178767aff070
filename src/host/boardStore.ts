import { NEW_BOARD, type Board } from '../core/plans/board.js';
import { Changes } from './changes.js';
import type { Memory } from './memory.js';
import { readBoard } from './panel/boardShape.js';

/** The board of each list (by its URI) or list-less playground: what the charts and the playgrounds of a list share. */
export class BoardStore {
  private readonly changes = new Changes<string>();
  /** Fires with the owner whose board changed. */
  readonly onDidChange = this.changes.on;

  constructor(private readonly memory: Memory) {}

  get(owner: string): Board {
    return readBoard(this.memory.get(key(owner))) ?? NEW_BOARD;
  }

  set(owner: string, board: Board): void {
    void this.memory.update(key(owner), board);
    this.changes.fire(owner);
  }

  /** The list was renamed. */
  move(from: string, to: string): void {
    const board = readBoard(this.memory.get(key(from)));
    if (!board) return;
    this.drop(from);
    this.set(to, board);
  }

  drop(owner: string): void {
    void this.memory.update(key(owner), undefined);
  }
}

function key(owner: string): string {
  return `board:${owner}`;
}
