/**
 * Makes the extension's package for one platform: dist/steermoe-<target>-<version>.vsix. It is put together in
 * dist/vsix/ from the list below: what is not named does not ship.
 *
 * The engine imports node-llama-cpp, which finds its libraries by its own place on disk, so it cannot be bundled. Of it
 * and of its dependencies exactly the files ship that its entry can reach (about 75 packages, 2.7 MB; npm would install
 * 220 MB: llama.cpp's sources, cmake, a command line). They go to dist/node_modules, beside the engine that asks for
 * them: vsce never packs a folder's top node_modules, except by asking npm for whole packages.
 */
import { build } from 'esbuild';
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));
const LIMIT_MB = 45;

/** vsce's name of a target, and the package with llama.cpp's libraries for it. */
const libraries = {
  'linux-x64': '@node-llama-cpp/linux-x64',
  'linux-arm64': '@node-llama-cpp/linux-arm64',
  'darwin-x64': '@node-llama-cpp/mac-x64',
  'darwin-arm64': '@node-llama-cpp/mac-arm64-metal',
  'win32-x64': '@node-llama-cpp/win-x64',
};

/** What ships of the checkout. Source maps, tests, sources and the demo model's training stay behind. */
const shipped = [
  'dist/extension',
  'dist/engine.mjs',
  'dist/webview',
  'dist/schemas',
  'native/build/steermoe_tap.node',
  'media',
  'package.nls.json',
  'l10n',
  'README.md',
  'CHANGELOG.md',
  'LICENSE',
];
const required = [
  'dist/extension',
  'dist/engine.mjs',
  'dist/webview',
  'native/build/steermoe_tap.node',
  'media/demo/demo.gguf',
];
const heldBack = [
  /\.map$/,
  /^media\/demo\/(training|heldout|recipes\.json|measured-pytorch\.json)(\/|$)/,
  /\.partial$/,
  /\/__pycache__(\/|$)/,
];

function fail(sentence) {
  console.error(`package: ${sentence}`);
  process.exit(1);
}

function copyShipped(staging) {
  for (const path of required)
    if (!existsSync(join(root, path))) fail(`${path} is missing. Run "npm run setup" and try again.`);
  for (const path of shipped.filter((candidate) => existsSync(join(root, candidate))))
    cpSync(join(root, path), join(staging, path), {
      recursive: true,
      filter: (from) => {
        const inside = from.slice(root.length).replaceAll('\\', '/');
        return !heldBack.some((pattern) => pattern.test(inside));
      },
    });
}

/** The manifest without what only a checkout uses. A dependency named here would make npm's view of it matter. */
function writeManifest(staging) {
  const whole = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const notShipped = ['private', 'bin', 'scripts', 'dependencies', 'devDependencies', 'overrides'];
  const manifest = Object.fromEntries(Object.entries(whole).filter(([key]) => !notShipped.includes(key)));
  delete manifest.engines.node;
  writeFileSync(join(staging, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
  return manifest;
}

/** Files that node-llama-cpp's entry reaches, as paths in the checkout. */
async function reachable() {
  const { metafile } = await build({
    absWorkingDir: root,
    entryPoints: ['node_modules/node-llama-cpp/dist/index.js'],
    bundle: true,
    write: false,
    outdir: 'nowhere',
    metafile: true,
    platform: 'node',
    format: 'esm',
    // As Node resolves: without esbuild's own "module" condition, and with every import kept.
    conditions: [],
    mainFields: ['main'],
    treeShaking: false,
    ignoreAnnotations: true,
    // The libraries are copied whole; reflink only speeds up copies of local files, and ipull does without.
    external: ['@node-llama-cpp/*', '@reflink/*', 'electron'],
    logLevel: 'error',
  });
  return Object.keys(metafile.inputs);
}

async function copyPackages(staging, target) {
  const modules = join(staging, 'dist');
  const copy = (path) => {
    cpSync(join(root, path), join(modules, path), { recursive: true, dereference: true });
  };
  const packages = new Set();
  for (const path of await reachable()) {
    copy(path);
    const folder = /^(.*node_modules\/(?:@[^/]+\/)?[^/]+)\//.exec(path)[1];
    packages.add(folder);
    // Folders inside a package can say again what kind of modules they hold.
    for (let inner = dirname(path); inner.length >= folder.length; inner = dirname(inner))
      if (existsSync(join(root, inner, 'package.json'))) copy(`${inner}/package.json`);
  }
  for (const folder of packages) {
    for (const name of readdirSync(join(root, folder))) if (/^licen[cs]e/i.test(name)) copy(`${folder}/${name}`);
  }
  // Read by node-llama-cpp as files: which llama.cpp release it belongs to.
  for (const name of ['binariesGithubRelease.json', 'llama.cpp.info.json']) {
    const path = `node_modules/node-llama-cpp/llama/${name}`;
    if (existsSync(join(root, path))) copy(path);
  }
  const library = `node_modules/${libraries[target]}`;
  if (!existsSync(join(root, library, 'bins')))
    fail(`${libraries[target]} is not installed here: make the package for ${target} on a computer of that kind.`);
  copy(library);
  return packages.size;
}

/** Folders and their sizes, so that what grows is seen. */
function size(path) {
  const stats = statSync(path);
  if (!stats.isDirectory()) return stats.size;
  return readdirSync(path).reduce((sum, name) => sum + size(join(path, name)), 0);
}

const here = `${process.platform}-${process.arch}`;
const target = process.argv[2] ?? here;
if (!(target in libraries)) fail(`there is no package for ${target}, only for ${Object.keys(libraries).join(', ')}.`);
if (target !== here) fail(`the router tap here was built for ${here}: make the package for ${target} there.`);

const staging = join(root, 'dist/vsix', target);
rmSync(staging, { recursive: true, force: true });
mkdirSync(staging, { recursive: true });
copyShipped(staging);
const manifest = writeManifest(staging);
const packages = await copyPackages(staging, target);

const out = join(root, 'dist', `steermoe-${target}-${manifest.version}.vsix`);
rmSync(out, { force: true });
const vsce = join(root, 'node_modules/@vscode/vsce/vsce');
const result = spawnSync(
  process.execPath,
  [vsce, 'package', '--target', target, '--no-dependencies', '--skip-license', '--allow-missing-repository'].concat([
    '--no-rewrite-relative-links',
    '--out',
    out,
  ]),
  { cwd: staging, encoding: 'utf8', env: { ...process.env, NODE_NO_WARNINGS: '1' } },
);
if (result.status !== 0) {
  process.stderr.write(`${result.stdout}${result.stderr}`);
  fail('vsce could not make the package (see above).');
}
const mb = (bytes) => (bytes / 1024 / 1024).toFixed(1);
const packed = statSync(out).size;
for (const part of ['dist/node_modules', 'dist/webview', 'native', 'media'])
  if (existsSync(join(staging, part))) console.log(`${mb(size(join(staging, part))).padStart(6)} MB  ${part}`);
console.log(`${join(basename(dirname(out)), basename(out))}: ${mb(packed)} MB packed, ${packages} npm packages inside`);
if (packed > LIMIT_MB * 1024 * 1024) fail(`the package is over ${LIMIT_MB} MB.`);
