#!/usr/bin/env node
import { HumanError } from '../core/humanError.js';
import { writeFailure } from '../engine/atomicFile.js';
import { EngineClient } from '../engine/client.js';
import { downloadModel } from '../engine/models/downloadModel.js';
import { errorLine, EXIT, exitCodeOf } from './exitCode.js';
import { onInterrupt } from './interrupts.js';
import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

let engine: EngineClient | undefined;
const interrupts = onInterrupt(() => void engine?.dispose());
const terminal = processTerminal(interrupts.signal);

let outputFailed = false;

process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  // A reader that has seen enough, such as head: there is nobody left to write to.
  if (error.code !== 'EPIPE' && !outputFailed) {
    outputFailed = true;
    process.stderr.write(`${errorLine(writeFailure('The standard output', error))}\n`);
  }
  void end(EXIT.done);
});
process.stderr.on('error', () => undefined);

async function run(): Promise<number> {
  try {
    return await runProgram(process.argv.slice(2), {
      terminal,
      engine: (gpu) =>
        (engine ??= new EngineClient({
          gpu,
          onFallback: (sentence) => {
            terminal.err.write(`steermoe: ${sentence}\n`);
          },
        })),
      download: downloadModel,
      signal: interrupts.signal,
    });
  } catch (error) {
    const stopped = interrupts.code();
    const known = error instanceof HumanError && error.reason === 'cancelled';
    if (stopped === undefined) terminal.err.write(`${errorLine(error)}\n`);
    else terminal.err.write(known ? `${errorLine(error)}\n` : 'steermoe: Stopped.\n');
    return stopped ?? exitCodeOf(error);
  }
}

let ending = false;

async function end(code: number): Promise<void> {
  if (ending) return;
  ending = true;
  await engine?.dispose();
  // What was written to a pipe has to leave the process before it ends, and what became of it has to be known.
  process.stdout.write('', () => {
    setImmediate(() => process.stderr.write('', () => process.exit(outputFailed ? EXIT.failed : code)));
  });
}

await end(await run());
