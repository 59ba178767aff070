import type { Board } from '../../src/core/plans/board.js';

/**
 * The board as the person sees it: each change at once, sent one at a time, the newest after the one on its way. While
 * something is unsent or unanswered, snapshots carry older boards and do not move it.
 */
export function boardSender(send: (board: Board) => Promise<unknown>, onFailure: (error: unknown) => void) {
  let local: Board | null = null;
  let unsent = false;
  let sending = false;

  async function sendAll(): Promise<void> {
    sending = true;
    try {
      while (unsent && local) {
        unsent = false;
        await send(local);
      }
    } catch (error) {
      unsent = false;
      local = null;
      onFailure(error);
    } finally {
      sending = false;
    }
  }

  return {
    change(board: Board): void {
      local = board;
      unsent = true;
      if (!sending) void sendAll();
    },
    /** The board to draw, given the one in the newest snapshot. */
    shown(fromHost: Board): Board {
      if (!sending) local = null;
      return local ?? fromHost;
    },
  };
}
