import { randomUUID } from 'node:crypto';
import { open, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout } from 'node:timers/promises';
import type { HumanError } from '../core/humanError.js';
import { writeFailure } from './atomicFile.js';

/** How often a holder says that it is alive, and after how long a silent one counts as gone; milliseconds. */
const BEAT = 5_000;
const SILENT = 60_000;

/** How long a lock that was taken over has to stay the own one, milliseconds. */
const SETTLED = 100;

interface Holder {
  pid: number;
  host: string;
  token: string;
}

/** What two processes must not do to one file at the same time is done under a lock: a file that names its holder. */
export class FileLock {
  private readonly beat: NodeJS.Timeout;

  private constructor(
    private readonly path: string,
    private readonly content: string,
  ) {
    this.beat = setInterval(() => {
      const now = new Date();
      utimes(path, now, now).catch(() => undefined);
    }, BEAT);
    this.beat.unref();
  }

  /**
   * Takes the lock; one whose holder has died is taken over. `busy` makes the error for a lock whose holder lives.
   * Other failures are HumanError write-failed.
   */
  static async take(path: string, busy: (pid: number) => HumanError): Promise<FileLock> {
    const content = JSON.stringify({ pid: process.pid, host: hostname(), token: randomUUID() } satisfies Holder);
    if (await create(path, content)) return new FileLock(path, content);
    const holder = await holderOf(path);
    if (!holder.alive && (await takeOver(path, holder.content, content))) return new FileLock(path, content);
    throw busy((await holderOf(path)).pid);
  }

  async release(): Promise<void> {
    clearInterval(this.beat);
    // After a long sleep another process may have taken over: its lock stays.
    if ((await read(this.path)) === this.content) await rm(this.path, { force: true });
  }
}

/** False where there is one already. */
async function create(path: string, content: string): Promise<boolean> {
  try {
    const file = await open(path, 'wx');
    try {
      await file.writeFile(content);
    } catch (error) {
      await rm(path, { force: true });
      throw error;
    } finally {
      await file.close();
    }
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw writeFailure(path, error);
  }
}

async function holderOf(path: string): Promise<{ alive: boolean; pid: number; content: string | undefined }> {
  const content = await read(path);
  let holder: Partial<Holder> = {};
  try {
    holder = JSON.parse(content ?? '') as Partial<Holder>;
  } catch {
    // Not yet written, or cut off by a full disk: its age decides.
  }
  const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: 0 }))).mtimeMs;
  const pid = typeof holder.pid === 'number' ? holder.pid : 0;
  const dead = holder.host === hostname() && pid > 0 && !isRunning(pid);
  return { alive: !dead && age < SILENT, pid, content };
}

/**
 * Puts the own lock in the place of a dead one. Of several that do so at the same time the last one has it: each looks
 * again after a while, and the path is never without a lock that a newcomer could make.
 */
async function takeOver(path: string, dead: string | undefined, content: string): Promise<boolean> {
  const own = `${path}.${randomUUID().slice(0, 8)}`;
  try {
    await writeFile(own, content);
    if ((await read(path)) === dead) await rename(own, path);
    await setTimeout(SETTLED);
    return (await read(path)) === content;
  } catch (error) {
    throw writeFailure(path, error);
  } finally {
    await rm(own, { force: true });
  }
}

async function read(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it runs, but as another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
