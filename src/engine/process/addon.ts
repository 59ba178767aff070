import { createRequire } from 'node:module';
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Llama } from 'node-llama-cpp';
import type { TapAddon } from '../../../native/tap.d.ts';
import { HumanError } from '../../core/humanError.js';
import type { Backend } from '../../protocol/engineOptions.js';

export type LogSink = (level: 'debug' | 'info' | 'warn' | 'error', text: string) => void;

/** node-llama-cpp's levels that a user may have to see; the rest is detail. */
const LEVELS: Partial<Record<string, 'error' | 'warn'>> = { fatal: 'error', error: 'error', warn: 'warn' };

/** llama.cpp in this process: the libraries that node-llama-cpp chose and loaded, with our tap attached to them. */
export interface Runtime {
  tap: TapAddon;
  llama: Llama;
  versions: { nodeLlamaCpp: string; llamaCpp: string; tap: string };
  backend: Backend;
}

/** Backends that this computer has drivers for, best first, with "cpu" at the end; whether they work is another matter. */
export async function supportedBackends(): Promise<Backend[]> {
  const { getLlamaGpuTypes } = await import('node-llama-cpp');
  const types = await getLlamaGpuTypes('supported').catch(() => []);
  return [...types.flatMap((type) => (type === false ? [] : [type])), 'cpu'];
}

/**
 * Loads the libraries of a backend and the tap. Throws HumanError "engine-missing" where one is not there or does not
 * fit. Once a process: the tap calls the libraries that were loaded first.
 */
export async function startRuntime({ gpu }: { gpu: Backend }, log: LogSink): Promise<Runtime> {
  const { getLlama, getModuleVersion } = await import('node-llama-cpp');
  let llama: Llama;
  try {
    llama = await getLlama({
      gpu: gpu === 'cpu' ? false : gpu,
      build: 'never',
      skipDownload: true,
      progressLogs: false,
      logger: (level, message) => {
        log(LEVELS[level] ?? 'debug', message.trimEnd());
      },
    });
  } catch (error) {
    throw new HumanError(
      'engine-missing',
      `llama.cpp's libraries for this computer (${process.platform} ${process.arch}, ${gpu}) could not be loaded: ${text(error)}`,
      gpu === 'cpu'
        ? 'Install the extension package made for this platform, or run "npm run setup" in a checkout.'
        : `Set the GPU choice to "cpu", or install the libraries with "npm run gpu -- ${gpu}" in a checkout.`,
      { cause: error },
    );
  }
  const backend = llama.gpu === false ? 'cpu' : llama.gpu;
  // Where a backend does not belong to the platform, node-llama-cpp takes another one without a word.
  if (backend !== gpu)
    throw new HumanError(
      'engine-missing',
      `llama.cpp has no ${gpu} backend for this computer (${process.platform} ${process.arch}).`,
      'Set the GPU choice to "auto" or "cpu".',
    );
  const tap = loadTap();
  try {
    const { version } = tap.attach(loadedLibraries());
    const versions = { nodeLlamaCpp: await getModuleVersion(), llamaCpp: version, tap: tap.builtFor };
    return { tap, llama, versions, backend };
  } catch (error) {
    throw new HumanError(
      'engine-missing',
      `The router tap does not fit the llama.cpp libraries: ${text(error)}`,
      'Build the tap again with "node native/build.mjs", or install the extension package anew.',
      { cause: error },
    );
  }
}

function loadTap(): TapAddon {
  // The bundle stands in dist/ and the addon in native/build/, in a checkout as in an installed extension.
  const candidates = ['../native/build/steermoe_tap.node', '../../../native/build/steermoe_tap.node'];
  const paths = candidates.map((candidate) => fileURLToPath(new URL(candidate, import.meta.url)));
  const path = paths.find((candidate) => existsSync(candidate));
  if (path === undefined)
    throw new HumanError(
      'engine-missing',
      `The router tap for this computer (${process.platform} ${process.arch}) is missing: ${paths[0] ?? ''} is not there.`,
      'Install the extension package made for this platform, or run "node native/build.mjs" in a checkout.',
    );
  try {
    return createRequire(import.meta.url)(path) as TapAddon;
  } catch (error) {
    throw new HumanError(
      'engine-missing',
      `The router tap cannot be loaded on this computer (${process.platform} ${process.arch}): ${text(error)}`,
      'Install the extension package made for this platform, or run "node native/build.mjs" in a checkout.',
      { cause: error },
    );
  }
}

/** The paths under which the loader knows the three libraries whose functions the tap calls. */
function loadedLibraries(): { llama: string; ggml: string; ggmlBase: string } {
  // Without this the report looks up the names of all open sockets, which can take seconds.
  Object.assign(process.report, { excludeNetwork: true });
  const { sharedObjects } = process.report.getReport() as unknown as { sharedObjects: string[] };
  const find = (pattern: RegExp): string => {
    const path = sharedObjects.find((candidate) => pattern.test(candidate.replaceAll('\\', '/')));
    if (path === undefined) throw new Error(`none of the loaded libraries matches ${String(pattern)}`);
    return path;
  };
  return {
    llama: find(/\/(lib)?llama(\.[^/]*)?\.(so|dylib|dll)[^/]*$/),
    ggml: find(/\/(lib)?ggml(\.[^/]*)?\.(so|dylib|dll)[^/]*$/),
    ggmlBase: find(/\/(lib)?ggml-base(\.[^/]*)?\.(so|dylib|dll)[^/]*$/),
  };
}

function text(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
