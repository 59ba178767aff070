import { addAbortSignal } from 'node:stream';

/** A stream that text goes to, as much of it as a command needs to know. */
export interface Output {
  write(text: string): void;
  /** True when a person watches. */
  isTTY: boolean;
  /** Characters a line; 80 where unknown. */
  columns: number;
}

/** What surrounds a command: where results, notes and questions go. Tests pass their own. */
export interface Terminal {
  /** Results, and nothing else. */
  out: Output;
  /** Progress, problems, errors. */
  err: Output;
  /** Colours on stdout. */
  color: 'none' | '256' | 'truecolor';
  /** All of standard input, for "-". */
  readInput(): Promise<string>;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** No colours where nobody watches or where NO_COLOR asks for none (https://no-color.org). */
export function colorOf(isTTY: boolean, environment: Environment): Terminal['color'] {
  if ((environment['NO_COLOR'] ?? '') !== '' || environment['TERM'] === 'dumb' || !isTTY) return 'none';
  return /truecolor|24bit/i.test(environment['COLORTERM'] ?? '') ? 'truecolor' : '256';
}

/** @param signal ends waiting for input */
export function processTerminal(signal: AbortSignal): Terminal {
  return {
    out: outputOf(process.stdout),
    err: outputOf(process.stderr),
    color: colorOf(process.stdout.isTTY, process.env),
    readInput: async () => {
      const parts: Buffer[] = [];
      for await (const part of addAbortSignal(signal, process.stdin)) parts.push(part as Buffer);
      return Buffer.concat(parts).toString('utf8');
    },
  };
}

function outputOf(stream: NodeJS.WriteStream): Output {
  // Undefined where the stream is a pipe or a file, whatever its type says.
  const isTTY = Boolean((stream as { isTTY?: boolean }).isTTY);
  return {
    write: (text) => void stream.write(text),
    isTTY,
    get columns() {
      return stream.columns || 80;
    },
  };
}
