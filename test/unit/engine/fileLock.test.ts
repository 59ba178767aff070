import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import { FileLock } from '../../../src/engine/fileLock.js';

let folder: string;
let path: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'steermoe-lock-'));
  path = join(folder, 'x.lock');
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
});

const busy = (pid: number): HumanError => new HumanError('write-failed', `busy ${pid}`, '');

it('is held by one at a time and leaves no file', async () => {
  const lock = await FileLock.take(path, busy);
  await expect(FileLock.take(path, busy)).rejects.toThrow(`busy ${process.pid}`);
  await lock.release();
  await (await FileLock.take(path, busy)).release();
  expect(await readdir(folder)).toEqual([]);
});

it('is taken over from a process that has died', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(path, JSON.stringify({ pid, host: hostname(), token: 'x' }));
  const lock = await FileLock.take(path, busy);
  expect(await readFile(path, 'utf8')).toContain(String(process.pid));
  await lock.release();
});

it('is taken over from a silent holder on another machine, not from one that gives signs of life', async () => {
  await writeFile(path, JSON.stringify({ pid: 1, host: 'elsewhere', token: 'x' }));
  await expect(FileLock.take(path, busy)).rejects.toThrow('busy 1');
  const longAgo = new Date(Date.now() - 120_000);
  await utimes(path, longAgo, longAgo);
  await (await FileLock.take(path, busy)).release();
});

it('is given to one of many that find the same dead holder', async () => {
  const { pid } = spawnSync(process.execPath, ['-e', '']);
  await writeFile(path, JSON.stringify({ pid, host: hostname(), token: 'x' }));
  const tries = await Promise.allSettled(Array.from({ length: 8 }, () => FileLock.take(path, busy)));
  const taken = tries.flatMap((one) => (one.status === 'fulfilled' ? [one.value] : []));
  expect(taken).toHaveLength(1);
  await taken[0]!.release();
});

it('says in words why it cannot be made', async () => {
  await expect(FileLock.take(join(folder, 'none', 'x.lock'), busy)).rejects.toThrow('its folder does not exist');
});
