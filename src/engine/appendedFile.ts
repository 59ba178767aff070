import { appendFileSync, closeSync, openSync } from 'node:fs';
import { writeFailure } from './atomicFile.js';

/** A file that grows by whole lines while work goes on. */
export interface Appended {
  /** Has reached the system when it returns. Fails with HumanError write-failed. */
  append(text: string): void;
  /** May be called more than once. */
  close(): void;
}

/** Opens a file to append to it; `anew` empties it first. Fails with HumanError write-failed. */
export function openAppended(path: string, anew: boolean): Appended {
  const attempt = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw writeFailure(path, error);
    }
  };
  const file = attempt(() => openSync(path, anew ? 'w' : 'a'));
  let open = true;
  return {
    append: (text) => {
      attempt(() => {
        appendFileSync(file, text);
      });
    },
    close: () => {
      if (open) closeSync(file);
      open = false;
    },
  };
}
