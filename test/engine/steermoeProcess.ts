import { spawn, type ChildProcess } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

export const CLI = fileURLToPath(new URL('../../dist/cli.mjs', import.meta.url));

export interface Ended {
  /** null where a signal ended it. */
  code: number | null;
  out: string;
  err: string;
}

export interface Started {
  child: ChildProcess;
  ended: Promise<Ended>;
}

/** Starts the built command line. `temporary` becomes its TMPDIR, by which its processes are known. */
export function start(temporary: string, args: string[], input = ''): Started {
  const child = spawn(process.execPath, [CLI, ...args], {
    env: { ...process.env, TMPDIR: temporary, NO_COLOR: undefined },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(input);
  const text = { out: '', err: '' };
  child.stdout.setEncoding('utf8').on('data', (part: string) => (text.out += part));
  child.stderr.setEncoding('utf8').on('data', (part: string) => (text.err += part));
  const ended = new Promise<Ended>((resolve) => {
    child.once('close', (code) => {
      resolve({ code, ...text });
    });
  });
  return { child, ended };
}

/** Process ids of engines that were started with this TMPDIR; known on Linux alone. */
export function engines(temporary: string): number[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc').flatMap((name) => {
    if (!/^\d+$/.test(name)) return [];
    try {
      const mine = readFileSync(`/proc/${name}/environ`, 'utf8').split('\0').includes(`TMPDIR=${temporary}`);
      return mine && readFileSync(`/proc/${name}/cmdline`, 'utf8').includes('engine.mjs') ? [Number(name)] : [];
    } catch {
      return [];
    }
  });
}

export async function until(condition: () => boolean | Promise<boolean>, seconds = 60): Promise<void> {
  const end = Date.now() + seconds * 1000;
  while (!(await condition())) {
    if (Date.now() > end) throw new Error(`It did not happen within ${seconds} seconds.`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}
