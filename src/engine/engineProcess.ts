import { fork, type ChildProcess } from 'node:child_process';
import {
  createMessageConnection,
  IPCMessageReader,
  IPCMessageWriter,
  ResponseError,
  type CancellationToken,
  type MessageConnection,
  type RequestType,
  type RequestType0,
} from 'vscode-jsonrpc/node.js';
import { HumanError } from '../core/humanError.js';
import { ping, type EngineFailure } from '../protocol/engine.js';
import { crashError, type Exit } from './crash.js';

/** While something is asked for, the process has to answer a ping now and then. */
const PING_EVERY_MS = 10_000;
const HUNG_AFTER_MS = 60_000;

const KEPT_STDERR = 2_000;

/** One engine process from fork to exit. Everything still asked for when it ends rejects with why it ended. */
export class EngineProcess {
  readonly connection: MessageConnection;
  /** Resolves when the process is gone; never rejects. */
  readonly exited: Promise<Exit>;
  alive = true;
  private readonly child: ChildProcess;
  private stderr = '';
  private pending = 0;
  private watch: NodeJS.Timeout | undefined;
  private ending: HumanError | undefined;

  /** @param variables what of the environment it gets besides what every engine needs */
  constructor(path: string, variables?: RegExp) {
    this.child = fork(path, [], {
      serialization: 'advanced',
      execArgv: [],
      env: minimalEnvironment(variables),
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    });
    this.child.stderr!.setEncoding('utf8').on('data', (text: string) => {
      this.stderr = (this.stderr + text).slice(-KEPT_STDERR);
    });
    this.exited = new Promise((resolve) => {
      const end = (code: number | null, signal: NodeJS.Signals | null): void => {
        this.alive = false;
        clearInterval(this.watch);
        resolve({ code, signal, lastWords: lastLines(this.stderr) });
      };
      this.child.once('close', end);
      this.child.once('error', (error) => {
        this.stderr += error.message;
        end(null, null);
      });
    });
    this.connection = createMessageConnection(new IPCMessageReader(this.child), new IPCMessageWriter(this.child));
    // Writing to a process that died rejects the request, which is where it is dealt with.
    this.connection.onError(() => undefined);
    this.connection.listen();
  }

  /** @param doing what the request is for, to complete "The engine stopped while ..." */
  async request<P, R>(
    type: RequestType<P, R, EngineFailure>,
    params: P,
    doing: string,
    token?: CancellationToken,
  ): Promise<R> {
    return this.race(this.connection.sendRequest(type, params, token), doing);
  }

  async ask<R>(type: RequestType0<R, EngineFailure>, doing: string): Promise<R> {
    return this.race(this.connection.sendRequest(type), doing);
  }

  /** Kills the process. What is still asked for rejects with `reason`, or as a crash where none is given. */
  async end(reason?: HumanError): Promise<void> {
    this.ending ??= reason;
    if (this.alive) this.child.kill('SIGKILL');
    await this.exited;
    this.connection.dispose();
  }

  get pid(): number | undefined {
    return this.child.pid;
  }

  private async race<R>(answer: Promise<R>, doing: string): Promise<R> {
    this.pending++;
    this.watch ??= setInterval(() => void this.checkAlive(), PING_EVERY_MS).unref();
    const gone = this.exited.then((exit) => {
      throw this.ending ?? crashError(exit, doing);
    });
    // The loser of the race may still reject: nobody is waiting for it.
    gone.catch(() => undefined);
    answer.catch(() => undefined);
    try {
      return await Promise.race([answer, gone]);
    } catch (error) {
      if (error instanceof ResponseError) {
        const failure = error.data as EngineFailure | undefined;
        if (failure) throw new HumanError(failure.reason, error.message, failure.next);
      }
      if (error instanceof HumanError) throw error;
      // A connection that broke means that the process is on its way out: say why it ended.
      return await gone;
    } finally {
      this.pending--;
      if (this.pending === 0) {
        clearInterval(this.watch);
        this.watch = undefined;
      }
    }
  }

  private async checkAlive(): Promise<void> {
    const timer = setTimeout(() => {
      void this.end(
        new HumanError(
          'engine-hung',
          `The engine did not answer for ${HUNG_AFTER_MS / 1000} seconds and was stopped.`,
          'Try again; what was finished is kept. If it happens again, see the engine log.',
        ),
      );
    }, HUNG_AFTER_MS).unref();
    try {
      await this.connection.sendRequest(ping);
    } catch {
      // The process ended meanwhile; its requests say so.
    } finally {
      clearTimeout(timer);
    }
  }
}

/** What a process needs to find its libraries and its user, and nothing that a shell set for other programs. */
function minimalEnvironment(besides?: RegExp): NodeJS.ProcessEnv {
  const wanted =
    /^(PATH|HOME|USER|LANG|LC_.*|TMPDIR|TEMP|TMP|SystemRoot|USERPROFILE|APPDATA|LOCALAPPDATA|.*LD_LIBRARY_PATH|CUDA_.*|VK_.*|GGML_.*|ASAN_.*)$/i;
  const kept = Object.entries(process.env).filter(([name]) => wanted.test(name) || besides?.test(name));
  return {
    // Else ggml calls a debugger before it gives up, and the sentence about that comes many seconds later.
    GGML_NO_BACKTRACE: '1',
    ...Object.fromEntries(kept),
    // In VS Code the fork runs Electron, which has to be told to be Node.
    ELECTRON_RUN_AS_NODE: '1',
    // glibc: what one thread frees serves the others. With an arena a thread, loading a model kept up to 30 MB more.
    MALLOC_ARENA_MAX: '2',
  };
}

/** The last few non-empty lines, without the frames of a JavaScript stack. */
function lastLines(text: string): string {
  const lines = text.split('\n').map((line) => line.trim());
  return lines
    .filter((line) => line !== '' && !line.startsWith('at '))
    .slice(-3)
    .join(' | ');
}
