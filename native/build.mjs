// Builds the router tap: node native/build.mjs
// Needs Node 20, git, a C++17 compiler ($CXX, c++, g++ or clang++; on Windows cl.exe) and an earlier `npm install`.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  closeSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  openSync,
  readFileSync,
  readSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { availableParallelism } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stop, findCompiler } from './toolchain.mjs';

const native = dirname(fileURLToPath(import.meta.url));
const build = join(native, 'build');
const sources = join(native, 'src');
const output = join(build, 'steermoe_tap.node');
const stampFile = join(build, 'stamp');

/** The folder of an npm package, also where its exports hide its package.json. */
function packageFolder(name) {
  const paths = createRequire(join(native, '..', 'package.json')).resolve.paths(name) ?? [];
  const folder = paths.map((path) => join(path, name)).find((path) => existsSync(join(path, 'package.json')));
  if (!folder)
    throw new Stop(`The npm package ${name} is missing, which the router tap is compiled with: run npm install first.`);
  return { folder, version: JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version };
}

/** The commit of llama.cpp in node-llama-cpp's bundle: a git bundle names it before its data. */
function bundleCommit(bundle) {
  const head = Buffer.alloc(4096);
  const file = openSync(bundle, 'r');
  const length = readSync(file, head, 0, head.length, 0);
  closeSync(file);
  const commit = /^([0-9a-f]{40}) HEAD$/m.exec(head.toString('latin1', 0, length));
  if (!commit)
    throw new Stop(
      `The file ${bundle} is no git bundle with a HEAD, so llama.cpp's headers can't be taken from it: run npm install again.`,
    );
  return commit[1];
}

function git(...args) {
  // Inside a git hook these name another repository.
  const env = Object.fromEntries(
    Object.entries(process.env).filter(([name]) => !/^GIT_(DIR|WORK_TREE|INDEX_FILE|OBJECT_DIRECTORY)$/.test(name)),
  );
  const result = spawnSync('git', args, { env, encoding: 'utf8' });
  if (result.error) {
    const how =
      { darwin: 'run xcode-select --install', win32: 'install it from https://git-scm.com' }[process.platform] ??
      'install the package git';
    throw new Stop(`git is missing, which takes llama.cpp's headers out of node-llama-cpp's bundle: ${how}.`);
  }
  if (result.status !== 0)
    throw new Stop(
      `llama.cpp's headers could not be taken out of node-llama-cpp's bundle: git ${args[0]} said: ${result.stderr.trim()}`,
    );
}

/** Takes llama.cpp's public headers out of the bundle and returns where they are and what llama_version() says there. */
function llamaHeaders(bundle, commit) {
  const tree = join(build, `llama.cpp-${commit.slice(0, 12)}`);
  if (!existsSync(tree)) {
    const scratch = mkdtempSync(join(build, 'headers-'));
    try {
      const repository = join(scratch, 'repository');
      const partial = join(scratch, 'tree');
      mkdirSync(partial);
      git('clone', '--quiet', '--bare', bundle, repository);
      git(
        '--git-dir',
        repository,
        '--work-tree',
        partial,
        'checkout',
        '--quiet',
        commit,
        '--',
        'include',
        'ggml/include',
        'CMakeLists.txt',
      );
      if (!existsSync(tree)) renameSync(partial, tree);
    } finally {
      rmSync(scratch, { recursive: true, force: true });
    }
  }
  const cmake = readFileSync(join(tree, 'CMakeLists.txt'), 'utf8');
  const part = (name) => new RegExp(`set\\(LLAMA_VERSION_${name} +(\\d+)\\)`).exec(cmake)?.[1];
  const version = [part('MAJOR'), part('MINOR'), part('PATCH')];
  if (version.includes(undefined))
    throw new Stop("llama.cpp's CMakeLists.txt no longer says its version as it used to: adapt native/build.mjs.");
  // node-llama-cpp builds its libraries with llama.cpp's defaults.
  const development = /option\(LLAMA_BUILD_IS_DEV .* ON\)/.test(cmake) ? '-dev' : '';
  return { version: version.join('.') + development, include: [join(tree, 'include'), join(tree, 'ggml', 'include')] };
}

function run({ command, args }) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
    let said = '';
    child.stdout.on('data', (data) => (said += data));
    child.stderr.on('data', (data) => (said += data));
    child.on('error', reject);
    child.on('close', (status) => {
      if (status === 0) return resolve(said);
      const why = said.split('\n').find((line) => /error|Error|fatal/.test(line)) ?? said.split('\n')[0];
      const log = join(build, 'compile.log');
      writeFileSync(log, said);
      reject(
        new Stop(
          `The router tap could not be compiled with ${command}, which must know C++17; all it said is in ${log}, first: ${why.trim()}`,
        ),
      );
    });
  });
}

function defines(llama) {
  return {
    NAPI_VERSION: '8',
    NAPI_CPP_EXCEPTIONS: '',
    // While a worker's realm goes down no JS exception can be thrown any more: that may not end the process.
    NODE_API_SWALLOW_UNTHROWABLE_EXCEPTIONS: '',
    STEERMOE_LLAMA_VERSION: `"${llama.version}"`,
  };
}

/** Compiles as many sources at once as there are processors, links them, and returns the path of the addon. */
async function compile(compiler, names, tools) {
  const queue = names
    .filter((name) => name.endsWith('.cc'))
    .map((name) => compiler.compile(join(sources, name), tools));
  const objects = queue.map(({ object }) => object);
  const work = async () => {
    for (let job = queue.shift(); job; job = queue.shift()) await run(job);
  };
  const ends = await Promise.allSettled(Array.from({ length: availableParallelism() }, work));
  const failed = ends.find(({ status }) => status === 'rejected');
  if (failed) throw failed.reason;
  const made = join(tools.objects, 'steermoe_tap.node');
  for (const job of compiler.link(objects, made, tools)) await run(job);
  return made;
}

async function main() {
  const started = Date.now();
  const addonApi = packageFolder('node-addon-api');
  const nodeApi = packageFolder('node-api-headers');
  const bundle = join(packageFolder('node-llama-cpp').folder, 'llama', 'gitRelease.bundle');
  if (!existsSync(bundle))
    throw new Stop(`The file ${bundle} with llama.cpp's headers is missing: run npm install again.`);
  const commit = bundleCommit(bundle);
  const compiler = findCompiler();

  const names = readdirSync(sources).sort();
  const hash = createHash('sha256');
  hash.update(
    JSON.stringify([commit, compiler.identity, addonApi.version, nodeApi.version, process.platform, process.arch]),
  );
  for (const file of [
    fileURLToPath(import.meta.url),
    join(native, 'toolchain.mjs'),
    ...names.map((name) => join(sources, name)),
  ]) {
    hash.update(`${file.slice(native.length)}\0`).update(readFileSync(file));
  }
  const stamp = hash.digest('hex');
  if (existsSync(output) && existsSync(stampFile) && readFileSync(stampFile, 'utf8') === stamp) {
    console.log('native/build/steermoe_tap.node is up to date.');
    return;
  }

  mkdirSync(build, { recursive: true });
  const llama = llamaHeaders(bundle, commit);
  // A folder of this run's own: two builds at once must not disturb each other.
  const objects = mkdtempSync(join(build, 'objects-'));
  try {
    const include = [join(nodeApi.folder, 'include'), addonApi.folder, ...llama.include];
    const made = await compile(compiler, names, { objects, include, nodeApi: nodeApi.folder, defines: defines(llama) });
    // A running engine keeps the file that it has loaded: a new one takes its name.
    renameSync(made, output);
  } finally {
    rmSync(objects, { recursive: true, force: true });
  }
  writeFileSync(stampFile, stamp);
  console.log(
    `Built native/build/steermoe_tap.node for llama.cpp ${llama.version} in ${((Date.now() - started) / 1000).toFixed(1)} s.`,
  );
}

main().catch((error) => {
  console.error(error instanceof Stop ? error.message : error);
  process.exitCode = 1;
});
