import type { Engine } from '../../../src/engine/client.js';
import type { ModelMemory } from '../../../src/core/memory/modelMemory.js';
import type { LaneResult } from '../../../src/protocol/engine.js';
import { errorLine, exitCodeOf } from '../../../src/cli/exitCode.js';
import { runProgram } from '../../../src/cli/program.js';
import type { Surroundings } from '../../../src/cli/surroundings.js';
import type { Terminal } from '../../../src/cli/terminal.js';
import { fakeEngine, MODEL } from '../engine/fakeDetection.js';

/** 3 blocks; 2 GB of experts each, and 1 MB a token for all of them. */
const MEMORY: ModelMemory = {
  blocks: Array.from({ length: 3 }, () => ({ experts: 2e9, rest: 1e8, cell: 1e6 / 3, lane: 0 })),
  input: 1e8,
  output: 1e8,
  tied: false,
  embedding: 64,
  vocabulary: 1000,
  expertsPerToken: 2,
  trainedContext: 512,
  cacheALane: false,
};

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
  download?: Surroundings['download'];
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
      download: given.download ?? (() => Promise.reject(new Error('Nothing is downloaded here.'))),
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
    readMemory: () => Promise.resolve(MEMORY),
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
