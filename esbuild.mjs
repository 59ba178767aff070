import { build } from 'esbuild';
import { mkdir, rm, writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';

/** Programs of their own: run by Node as ES modules. */
const programs = [
  { entryPoints: ['src/engine/process/main.ts'], outfile: 'dist/engine.mjs' },
  { entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.mjs' },
];

/** CommonJS libraries inside an ESM bundle call require. */
const requireInEsm = {
  js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
};

/**
 * What the extension host loads: as an ES module (VS Code 1.100 and later take those), which esbuild can split, so that
 * activation reads 50 kB and each `import()` of the sources the rest when it is needed.
 */
const extension = {
  entryPoints: ['src/host/extension.ts'],
  outdir: 'dist/extension',
  outExtension: { '.js': '.mjs' },
  chunkNames: 'parts/[name]-[hash]',
  bundle: true,
  splitting: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  sourcemap: true,
  logLevel: 'warning',
  external: ['vscode'],
  banner: requireInEsm,
  // A window waits for it to be read.
  minify: true,
};

/** The pages of the webviews, each a script and a style sheet. */
const webviews = {
  entryPoints: ['activations', 'playground'].flatMap((view) => [
    { in: `webview/${view}/main.ts`, out: view },
    { in: `webview/${view}/${view}.css`, out: view },
  ]),
  outdir: 'dist/webview',
  bundle: true,
  platform: 'browser',
  format: 'iife',
  target: 'es2022',
  minify: true,
  sourcemap: true,
  logLevel: 'warning',
};

/** Built only when it is asked for by name. */
const bench = { entryPoints: ['test/bench/main.ts'], outfile: 'dist/bench.mjs' };

export async function bundle(wanted = programs) {
  for (const program of wanted) {
    await build({
      ...program,
      bundle: true,
      platform: 'node',
      format: 'esm',
      target: 'node20',
      sourcemap: true,
      logLevel: 'warning',
      // node-llama-cpp is ESM that finds its binaries by its own place on disk.
      external: ['node-llama-cpp'],
      banner: requireInEsm,
    });
  }
}

/** JSON schemas of our files, made from the schemas that read them. */
async function writeSchemas() {
  const { outputFiles } = await build({
    entryPoints: ['src/core/files/fileSchemas.ts'],
    bundle: true,
    platform: 'node',
    format: 'esm',
    write: false,
    logLevel: 'warning',
  });
  const code = Buffer.from(outputFiles[0].contents).toString('base64');
  const { fileSchemas } = await import(`data:text/javascript;base64,${code}`);
  await mkdir('dist/schemas', { recursive: true });
  for (const [name, schema] of Object.entries(fileSchemas()))
    await writeFile(`dist/schemas/${name}.schema.json`, `${JSON.stringify(schema, null, 2)}\n`);
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  if (process.argv[2] === 'bench') await bundle([bench]);
  else {
    await bundle();
    // Its parts are named by their content: those of an earlier build would stay.
    await rm(extension.outdir, { recursive: true, force: true });
    await build(extension);
    await build(webviews);
    await writeSchemas();
  }
}
