import { build } from 'esbuild';
import { pathToFileURL } from 'node:url';

/** The programs that are built: their sources, what they become, and what stays outside the bundle. */
const programs = [
  { entryPoints: ['src/engine/process/main.ts'], outfile: 'dist/engine.mjs' },
  { entryPoints: ['src/cli/main.ts'], outfile: 'dist/cli.mjs' },
];

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
      // CommonJS libraries inside an ESM bundle call require.
      banner: {
        js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
      },
    });
  }
}

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href)
  await bundle(process.argv[2] === 'bench' ? [bench] : programs);
