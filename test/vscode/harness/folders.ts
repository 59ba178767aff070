import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';

/** The checkout: every command of package.json starts there, and vitest too. */
export const checkout = resolve('.');

/** Ignored by git, kept between runs: what takes long to install. */
export const cache = join(checkout, '.cache');

/** Ignored by git, made anew by each run: screenshots and server logs. */
export const artifacts = join(checkout, 'test/vscode/artifacts');

export function made(folder: string): string {
  mkdirSync(folder, { recursive: true });
  return folder;
}
