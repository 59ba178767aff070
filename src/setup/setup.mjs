/**
 * Everything that a fresh checkout needs, done once: npm packages, the router tap, the bundles. What is up to date is
 * skipped. Plain Node without packages, since it runs before there are any.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const OLDEST_NODE = 20;

function fail(sentence) {
  console.error(`setup: ${sentence}`);
  process.exit(1);
}

/** Runs a command in the checkout; its output is shown only when it fails. */
function run(what, command, args) {
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd: root, shell, encoding: 'utf8', maxBuffer: 1 << 28 });
  if (result.status === 0) return result.stdout;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return fail(`${what} failed (see above).`);
}

function installPackages() {
  const wanted = createHash('sha256')
    .update(readFileSync(`${root}package-lock.json`))
    .digest('hex');
  const stamp = `${root}node_modules/.steermoe-setup`;
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('setup: installing npm packages (about 400 MB)...');
  // The versions of the lock file, but not "npm ci": that wants the lock to name llama.cpp's libraries of every platform,
  // and a lock made where a registry lacks some does not. Scripts are left out: the libraries come prebuilt.
  run('npm install', 'npm', ['install', '--no-save', '--ignore-scripts', '--no-audit', '--no-fund']);
  writeFileSync(stamp, wanted);
}

function buildTap() {
  const result = spawnSync(process.execPath, [`${root}native/build.mjs`], { cwd: root, stdio: ['ignore', 2, 2] });
  if (result.status !== 0) process.exit(1);
}

const major = Number(process.versions.node.split('.')[0]);
if (major < OLDEST_NODE)
  fail(
    `SteerMoE needs Node ${OLDEST_NODE} or newer, and this is ${process.version}. Install a newer Node and try again.`,
  );
mkdirSync(`${root}.cache`, { recursive: true });
installPackages();
buildTap();
run('The bundling', process.execPath, [`${root}esbuild.mjs`]);
