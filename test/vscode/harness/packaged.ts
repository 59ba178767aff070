import { execFileSync } from 'node:child_process';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { chromiumPath } from '../../webview/chromium.mjs';
import { installedCodeServer } from './codeServer.js';
import { artifacts, cache, checkout, made } from './folders.js';
import { installVsix } from './server.js';

/** The extension as VS Code unpacked it from the package; servers get copies. */
export const installed = join(cache, 'vscode-extensions');

/** Before the first test: everything that is missing is installed, and the package is made and installed anew. */
export async function setup(): Promise<void> {
  rmSync(artifacts, { recursive: true, force: true });
  made(artifacts);
  chromiumPath();
  await installedCodeServer();
  rmSync(installed, { recursive: true, force: true });
  await installVsix(packageToTest(), made(installed));
}

/** STEERMOE_VSIX names a package that is there already; else it is made from the checkout. */
function packageToTest(): string {
  const given = process.env['STEERMOE_VSIX'];
  if (given !== undefined && given !== '') return given;
  execFileSync(process.execPath, ['src/setup/package.mjs'], { cwd: checkout, stdio: ['ignore', 'ignore', 'inherit'] });
  const name = readdirSync(join(checkout, 'dist')).find((file) => /^steermoe-linux-x64-.*\.vsix$/.test(file));
  if (name === undefined) throw new Error('npm run package made no package for linux-x64.');
  return join(checkout, 'dist', name);
}
