import type { Engine } from '../../../src/engine/client.js';
import type { LaneResult } from '../../../src/protocol/engine.js';
import { errorLine, exitCodeOf } from '../../../src/cli/exitCode.js';
import { runProgram } from '../../../src/cli/program.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import { fakeEngine, MODEL } from '../engine/fakeDetection.js';

export interface Ran {
  code: number;
  out: string;
  err: string;
}

export interface Given {
  engine?: Partial<Engine>;
  isTTY?: boolean;
  columns?: number;
  color?: Terminal['color'];
  input?: string;
  signal?: AbortSignal;
}

/** Runs one command line against a fake engine. */
export async function steermoe(args: string[], given: Given = {}): Promise<Ran> {
  const ran: Ran = { code: 0, out: '', err: '' };
  const { isTTY = false, columns = 80 } = given;
  const stream = (to: 'out' | 'err') => ({
    write: (text: string) => {
      ran[to] += text;
    },
    isTTY,
    columns,
  });
  const terminal: Terminal = {
    out: stream('out'),
    err: stream('err'),
    color: given.color ?? 'none',
    readInput: () => Promise.resolve(given.input ?? ''),
  };
  try {
    const engine = { ...fakeModel(), ...given.engine } as Engine;
    ran.code = await runProgram(args, {
      terminal,
      engine: () => engine,
      signal: given.signal ?? new AbortController().signal,
    });
  } catch (error) {
    ran.err += `${errorLine(error)}\n`;
    ran.code = exitCodeOf(error);
  }
  return ran;
}

/** Loads at once and says, in every lane, what was asked and how many experts its plan names. */
export function fakeModel(): Partial<Engine> {
  return {
    inspect: () => Promise.resolve(MODEL),
    load: (_params, onProgress) => {
      onProgress?.(0.5);
      return Promise.resolve(MODEL);
    },
    detect: (params, handlers) => fakeEngine().detect(params, handlers),
    generate: (lanes, handlers) => {
      const results = lanes.map(({ id, messages, plan }): LaneResult => {
        const experts = plan.activated.length + plan.deactivated.length;
        const text = `${messages.map(({ content }) => content).join(' / ')} with ${experts}`;
        for (const [index, word] of text.split(/(?= )/).entries())
          handlers?.onEvent?.({ kind: 'token', request: 1, lane: id, index, token: index, text: word });
        return { id, text, tokens: 3, promptTokens: 5, cachedTokens: 0, tokensPerSecond: 10, stop: 'end' };
      });
      return Promise.resolve(results);
    },
  };
}
