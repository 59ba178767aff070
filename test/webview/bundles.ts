import { build } from 'esbuild';

/** One webview as the extension ships it: its script and its style sheet. */
export interface Bundle {
  script: string;
  style: string;
}

const built = new Map<string, Promise<Bundle>>();

/** Bundles webview/<name>/main.ts and <name>.css with the options of esbuild.mjs; once a run. */
export function bundleOf(name: 'activations' | 'playground'): Promise<Bundle> {
  const known = built.get(name) ?? bundle(name);
  built.set(name, known);
  return known;
}

async function bundle(name: string): Promise<Bundle> {
  const { outputFiles } = await build({
    entryPoints: { script: `webview/${name}/main.ts`, style: `webview/${name}/${name}.css` },
    outdir: 'unused',
    write: false,
    bundle: true,
    platform: 'browser',
    format: 'iife',
    target: 'es2022',
    minify: true,
    logLevel: 'warning',
  });
  const text = (ending: string): string => outputFiles.find(({ path }) => path.endsWith(ending))?.text ?? '';
  return { script: text('script.js'), style: text('style.css') };
}
