import { HumanError } from '../core/humanError.js';

export interface Exit {
  code: number | null;
  signal: NodeJS.Signals | null;
  /** The last lines of the process's standard error. */
  lastWords: string;
}

/** One sentence for the end of an engine process that nobody asked for: what happened, the likely cause, what to do. */
export function crashError(exit: Exit, doing: string): HumanError {
  const detail = exit.lastWords === '' ? '' : ` Its last words: ${exit.lastWords}`;
  const { cause, next } = explain(exit);
  return new HumanError('engine-crashed', `The engine stopped while ${doing}: ${cause}.${detail}`, next);
}

function explain({ code, signal }: Exit): { cause: string; next: string } {
  const again = 'Try again; what was finished is kept. If it happens again, see the engine log.';
  switch (signal) {
    case 'SIGKILL':
      return {
        cause: 'it was killed (SIGKILL), most often because memory ran out',
        next: 'Try again; what was finished is kept. If it happens again, choose a smaller model or context size.',
      };
    case 'SIGILL':
      return {
        cause: 'it met a processor instruction that this computer does not have (SIGILL)',
        next: 'Set the GPU choice to "cpu", or use a build of llama.cpp made for this processor.',
      };
    case 'SIGABRT':
      return {
        cause: 'llama.cpp gave up on an internal check (SIGABRT); a damaged model file can do that',
        next: 'Try again; what was finished is kept. If it happens again, download the model anew, or see the engine log.',
      };
    case 'SIGSEGV':
    case 'SIGBUS':
      return {
        cause: `it read memory that was not there (${signal}); a model file that changed or was cut off can do that`,
        next: 'Try again; if it happens again, download the model anew.',
      };
    case null:
      return { cause: `it ended with exit code ${code ?? 'unknown'}`, next: again };
    default:
      return { cause: `it was ended by ${signal}`, next: again };
  }
}
