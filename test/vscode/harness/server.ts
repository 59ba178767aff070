import { spawn, type ChildProcess } from 'node:child_process';
import { cpSync, createWriteStream, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { installedCodeServer, type CodeServer } from './codeServer.js';
import { artifacts, made } from './folders.js';

const READY_LIMIT = 120_000;
const STARTS = 3;

/** Settings that keep everything but the extension quiet: no welcome page, no chat, no git, no animation. */
const quiet = {
  'workbench.startupEditor': 'none',
  'chat.disableAIFeatures': true,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'workbench.reduceMotion': 'on',
  'window.menuBarVisibility': 'classic',
  'git.enabled': false,
  'files.simpleDialog.enable': true,
};

export interface ServerOptions {
  /** A folder of installed extensions, copied so that servers do not share it. */
  readonly extensions?: string;
  /** Names the server's log among the artefacts. */
  readonly name: string;
  readonly settings?: Record<string, unknown>;
  /** Lets a page run tests in the extension host; it hides toasts and answers dialogs by itself. */
  readonly smokeTestDriver?: boolean;
  /** Folders are opened in restricted mode until somebody trusts them; off by default. */
  readonly workspaceTrust?: boolean;
}

/** One code-server on a loopback port with a data folder of its own. */
export class Server {
  private readonly atExit = (): void => {
    this.kill();
  };

  private constructor(
    readonly port: number,
    readonly folder: string,
    private readonly child: ChildProcess,
  ) {
    // A run that is broken off leaves no server behind.
    process.once('exit', this.atExit);
  }

  static async start(options: ServerOptions): Promise<Server> {
    const codeServer = await installedCodeServer();
    const folder = mkdtempSync(join(tmpdir(), 'steermoe-vscode-'));
    made(join(folder, 'extensions'));
    if (options.extensions !== undefined) cpSync(options.extensions, join(folder, 'extensions'), { recursive: true });
    writeSettings(folder, {
      'security.workspace.trust.enabled': options.workspaceTrust === true,
      ...options.settings,
    });
    let reason = '';
    for (let attempt = 0; attempt < STARTS; attempt++) {
      const port = await freePort();
      const child = launch(codeServer, folder, port, options);
      const server = new Server(port, folder, child);
      reason = await server.ready();
      if (reason === '') return server;
      server.kill();
    }
    rmSync(folder, { recursive: true, force: true });
    throw new Error(`code-server did not start in ${STARTS} tries: ${reason}. Its log is among the artefacts.`);
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** VS Code watches the file: a change of theme is there within a second. */
  set(settings: Record<string, unknown>): void {
    writeSettings(this.folder, settings);
  }

  /** Engine processes of this server's extension, by their command line: a fork of dist/engine.mjs in its folder. */
  engines(): number[] {
    return this.processes(`${join(this.folder, 'extensions')}/`, 'dist/engine.mjs');
  }

  extensionHosts(): number[] {
    return this.processes('--type=extensionHost');
  }

  /** Ends the server and whatever it started, and removes its data. */
  async stop(): Promise<void> {
    const mine = this.processes();
    this.kill();
    for (const pid of mine) end(pid);
    for (let i = 0; i < 50 && this.processes().length > 0; i++) await sleep(100);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }

  /** Processes that descend from this server, or whose command line names its folder, and that say all `words`. */
  private processes(...words: string[]): number[] {
    const all = readdirSync('/proc').filter((name) => /^\d+$/.test(name));
    const parents = new Map<number, number>();
    const lines = new Map<number, string>();
    for (const name of all) {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        const [state, parent] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        if (state === 'Z') continue;
        parents.set(Number(name), Number(parent));
        lines.set(Number(name), readFileSync(`/proc/${name}/cmdline`, 'utf8').replaceAll('\0', ' '));
      } catch {
        // It ended meanwhile.
      }
    }
    const mine = (pid: number | undefined): boolean =>
      pid !== undefined && (pid === this.child.pid || mine(parents.get(pid)));
    return [...lines]
      .filter(([pid, line]) => mine(pid) || line.includes(this.folder))
      .filter(([, line]) => words.every((word) => line.includes(word)))
      .map(([pid]) => pid);
  }

  private kill(): void {
    process.off('exit', this.atExit);
    // It leads a process group of its own, which its extension hosts and terminals belong to.
    if (this.child.pid !== undefined) end(-this.child.pid);
  }

  /** Empty once it answers, else why it does not. */
  private async ready(): Promise<string> {
    const started = Date.now();
    while (Date.now() - started < READY_LIMIT) {
      if (this.child.exitCode !== null) return `it ended with exit code ${this.child.exitCode}`;
      try {
        if ((await fetch(`${this.url}/healthz`, { signal: AbortSignal.timeout(2_000) })).ok) return '';
      } catch {
        // Not yet.
      }
      await sleep(200);
    }
    return `it did not answer within ${READY_LIMIT / 1000} s`;
  }
}

/** Installs a package into a folder of extensions, as "Install from VSIX" does. */
export async function installVsix(vsix: string, extensions: string): Promise<void> {
  const { node, entry } = await installedCodeServer();
  const folder = mkdtempSync(join(tmpdir(), 'steermoe-install-'));
  try {
    const args = [entry, '--config', join(folder, 'config.yaml'), '--user-data-dir', folder];
    const child = spawn(node, [...args, '--extensions-dir', extensions, '--install-extension', vsix], {
      env: environment(folder),
      stdio: ['ignore', 'pipe', 'pipe'],
      timeout: READY_LIMIT,
    });
    let output = '';
    for (const stream of [child.stdout, child.stderr])
      stream.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
    const code = await new Promise<number | null>((resolve, reject) => {
      child.once('error', reject);
      child.once('close', resolve);
    });
    if (code !== 0) throw new Error(`The package could not be installed:\n${output}`);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function launch({ node, entry }: CodeServer, folder: string, port: number, options: ServerOptions): ChildProcess {
  const log = createWriteStream(join(made(artifacts), `${options.name}.log`), { flags: 'a' });
  const child = spawn(
    node,
    [
      entry,
      ...['--config', join(folder, 'config.yaml'), '--bind-addr', `127.0.0.1:${port}`, '--auth', 'none'],
      ...['--disable-telemetry', '--disable-update-check'],
      ...(options.workspaceTrust === true ? [] : ['--disable-workspace-trust']),
      ...['--disable-getting-started-override', '--disable-proxy', '--ignore-last-opened'],
      ...['--user-data-dir', folder, '--extensions-dir', join(folder, 'extensions')],
      // By default a closed page keeps its extension host for three hours.
      ...['--reconnection-grace-time', '5'],
      ...(options.smokeTestDriver === true ? ['--vscode-option', 'enable-smoke-test-driver'] : []),
    ],
    { env: environment(folder), stdio: ['ignore', 'pipe', 'pipe'], detached: true },
  );
  child.stdout.pipe(log, { end: false });
  child.stderr.pipe(log, { end: false });
  child.once('close', () => log.end());
  return child;
}

/** The session socket and everything else that it writes stay in its own folder; no gallery is asked. */
function environment(folder: string): NodeJS.ProcessEnv {
  return {
    ...process.env,
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    EXTENSIONS_GALLERY: '{"serviceUrl":"","itemUrl":"","resourceUrlTemplate":""}',
  };
}

function writeSettings(folder: string, settings: Record<string, unknown>): void {
  const file = join(made(join(folder, 'User')), 'settings.json');
  writeFileSync(file, `${JSON.stringify({ ...quiet, ...settings }, null, 2)}\n`);
}

async function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address() as AddressInfo;
      probe.close(() => {
        resolve(port);
      });
    });
  });
}

/** SIGKILL to a process that this harness started, or to its group; what is gone already is no error. */
function end(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It is gone.
  }
}
