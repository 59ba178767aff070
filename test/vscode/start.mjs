/**
 * Runs one of the TypeScript programs of this folder outside vitest: `node test/vscode/start.mjs <name>`.
 * Node 20 reads no TypeScript, so it is bundled first.
 */
import { build } from 'esbuild';
import { mkdirSync } from 'node:fs';
import { fileURLToPath, pathToFileURL } from 'node:url';

const [, , name, ...rest] = process.argv;
const root = fileURLToPath(new URL('../../', import.meta.url));
const outfile = `${root}.cache/start/${name}.mjs`;
process.chdir(root);
mkdirSync(`${root}.cache/start`, { recursive: true });
await build({
  entryPoints: [`test/vscode/${name}.ts`],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'esm',
  target: 'node20',
  packages: 'external',
  logLevel: 'warning',
});
process.argv = [process.argv[0], outfile, ...rest];
await import(pathToFileURL(outfile).href);
