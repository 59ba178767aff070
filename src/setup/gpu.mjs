/**
 * npm run gpu -- cuda|vulkan: fetches node-llama-cpp's prebuilt libraries for a GPU backend into node_modules. They are
 * no part of the ordinary set-up: 70 MB for Vulkan and more for CUDA, that most computers have no use for.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const system = { linux: 'linux', win32: 'win' }[process.platform];
const [backend] = process.argv.slice(2);

function fail(sentence) {
  console.error(`gpu: ${sentence}`);
  process.exit(1);
}

function run(command, args, cwd) {
  const shell = process.platform === 'win32' && command === 'npm';
  const result = spawnSync(command, args, { cwd, shell, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] });
  if (result.status !== 0) fail(`"${command} ${args.join(' ')}" failed (see above).`);
  return result.stdout;
}

function install(name, version) {
  const folder = mkdtempSync(`${root}.cache/gpu-`);
  try {
    console.error(`gpu: fetching ${name}@${version}...`);
    const file = run('npm', ['pack', '--silent', `${name}@${version}`], folder)
      .trim()
      .split('\n')
      .at(-1);
    run('tar', ['-xzf', file], folder);
    rmSync(`${root}node_modules/${name}`, { recursive: true, force: true });
    renameSync(`${folder}/package`, `${root}node_modules/${name}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.platform === 'darwin') fail('the libraries for Apple silicon have Metal already.');
if (system === undefined || process.arch !== 'x64')
  fail(`node-llama-cpp has no libraries for GPUs on ${process.platform} ${process.arch}.`);
if (backend !== 'cuda' && backend !== 'vulkan')
  fail('name the backend: npm run gpu -- cuda, or npm run gpu -- vulkan.');
const { version } = JSON.parse(readFileSync(`${root}node_modules/node-llama-cpp/package.json`, 'utf8'));
mkdirSync(`${root}.cache`, { recursive: true });
install(`@node-llama-cpp/${system}-x64-${backend}`, version);
// The libraries that CUDA's backend needs of CUDA itself are a package of their own.
if (backend === 'cuda') install(`@node-llama-cpp/${system}-x64-cuda-ext`, version);
console.error('gpu: done. "npm run setup" leaves it there until the packages change.');
