/**
 * `npm run vscode`: the extension as the checkout builds it, in the user's own VS Code where there is one, else in
 * code-server on this computer alone, with a sample workspace in .cache/sample. Ctrl+C ends it.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, readdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { cache, checkout, made } from './harness/folders.js';
import { Server } from './harness/server.js';

const sample = made(join(cache, 'sample'));
for (const file of readdirSync(join(checkout, 'media/demo')).filter((name) => name.endsWith('.pairs.jsonl')))
  cpSync(join(checkout, 'media/demo', file), join(sample, file));

if (hasCode()) {
  const args = [`--extensionDevelopmentPath=${checkout}`, sample];
  process.exitCode = spawnSync('code', args, { stdio: 'inherit', shell: process.platform === 'win32' }).status ?? 1;
} else await inCodeServer();

function hasCode(): boolean {
  try {
    execFileSync('code', ['--version'], { stdio: 'ignore', shell: process.platform === 'win32', timeout: 30_000 });
    return true;
  } catch {
    return false;
  }
}

async function inCodeServer(): Promise<void> {
  // The checkout itself stands in for an installed extension, so a reload of the window shows what was built since.
  const extensions = join(cache, 'vscode-checkout');
  rmSync(extensions, { recursive: true, force: true });
  symlinkSync(checkout, join(made(extensions), 'steermoe.steermoe-0.0.0'));
  const server = await Server.start({ name: 'open', extensions });
  console.log(`VS Code with SteerMoE: ${server.url}/?folder=${encodeURIComponent(sample)}\nCtrl+C ends it.`);
  await new Promise<void>((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, resolve);
  });
  await server.stop();
}
