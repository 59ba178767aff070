#!/usr/bin/env node
import { HumanError } from '../core/humanError.js';
import { EngineClient } from '../engine/client.js';
import { errorLine, EXIT, exitCodeOf } from './exitCode.js';
import { onInterrupt } from './interrupts.js';
import { runProgram } from './program.js';
import { processTerminal } from './terminal.js';

let engine: EngineClient | undefined;
const interrupts = onInterrupt(() => void engine?.dispose());
const terminal = processTerminal(interrupts.signal);

// A reader that has seen enough, such as head: there is nobody left to write to.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code === 'EPIPE') void end(EXIT.done);
  else void end(EXIT.failed);
});
process.stderr.on('error', () => undefined);

async function run(): Promise<number> {
  try {
    return await runProgram(process.argv.slice(2), {
      terminal,
      engine: (gpu) => (engine ??= new EngineClient({ gpu })),
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
  // What was written to a pipe has to leave the process before it ends.
  process.stdout.write('', () => process.stderr.write('', () => process.exit(code)));
}

await end(await run());
