import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { checkout } from './folders.js';

/** Detects experts in a folder's pairs file before VS Code opens it, as `steermoe detect` does. */
export function detectIn(folder: string, name = 'digits-or-words'): void {
  execFileSync(process.execPath, ['dist/cli.mjs', 'detect', join(folder, `${name}.pairs.jsonl`), '--model', 'demo'], {
    cwd: checkout,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}
