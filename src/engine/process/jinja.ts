import { Environment, Interpreter, Template } from '@huggingface/jinja';
import { strftime } from './strftime.js';

/** The library's types do not resolve under Node's rules: what is used of them. */
interface Value {
  value: unknown;
}
interface Statement {
  type: string;
}
interface MemberExpression extends Statement {
  object: Statement;
  property: Statement & { value?: unknown };
  computed: boolean;
}
interface Scope {
  set(name: string, value: unknown): Value;
}
const LibraryTemplate = Template as new (source: string) => { parsed: unknown };
const NewScope = Environment as new () => Scope;
const LibraryInterpreter = Interpreter as new (scope: Scope) => {
  run(program: unknown): Value;
  evaluate(statement: Statement | undefined, scope: Scope): Value;
};

/** A template that goes on for too long or makes too much; trying it again takes as long again. */
export class OutOfBounds extends Error {}

/**
 * Templates come out of downloaded files. The longest that llama.cpp has in its tests is 16,738 characters, and none of
 * them takes more than 225,000 steps (an expression or a statement each) for a conversation of 300 messages.
 */
const LONGEST_SOURCE = 500_000;
const MOST_STEPS = 2_000_000;
const LONGEST_TIME_MS = 20_000;
const LONGEST_COUNT = 10_000;
/** Longest text and list that a template may make, beyond four times what it was given. */
const SPARE = 200_000;

/**
 * A Jinja template with bounds: whatever its source, it is refused, or renders, or fails within seconds and without
 * taking the process along. A date is always the same one (strftime.ts), so that runs can be repeated.
 */
export class JinjaTemplate {
  private readonly program: unknown;

  /** Throws an Error with a sentence for what is no template. */
  constructor(source: string) {
    if (source.length > LONGEST_SOURCE)
      throw new Error(`it has ${source.length.toLocaleString('en')} characters, more than any chat template needs`);
    this.program = inWords(() => new LibraryTemplate(source).parsed);
  }

  /** Throws OutOfBounds, or an Error with the template's own words or the interpreter's. */
  render(variables: Record<string, unknown>): string {
    const scope = new NewScope();
    for (const [name, value] of Object.entries({ ...GLOBALS, ...variables })) scope.set(name, value);
    const interpreter = new BoundedInterpreter(scope, SPARE + 4 * size(variables));
    return inWords(() => String(interpreter.run(this.program).value));
  }
}

const GLOBALS = {
  true: true,
  false: false,
  none: null,
  True: true,
  False: false,
  None: null,
  range: boundedRange,
  strftime_now: strftime,
  raise_exception: (why: unknown): never => {
    throw new Error(String(why));
  },
};

/** The string methods that the interpreter lacks, or knows only without their argument. */
const STRING_METHODS: Record<string, (text: string, ...given: string[]) => string> = {
  strip: (text, characters) => stripped(text, characters, true, true),
  lstrip: (text, characters) => stripped(text, characters, true, false),
  rstrip: (text, characters) => stripped(text, characters, false, true),
  format: (text, ...given) => given.reduce((whole, value) => whole.replace('{}', () => value), text),
};

class BoundedInterpreter extends LibraryInterpreter {
  private steps = 0;
  private readonly started = performance.now();

  constructor(
    scope: Scope,
    private readonly most: number,
  ) {
    super(scope);
  }

  override evaluate(statement: Statement | undefined, scope: Scope): Value {
    this.steps++;
    if (this.steps > MOST_STEPS || (this.steps % 4096 === 0 && performance.now() - this.started > LONGEST_TIME_MS))
      throw new OutOfBounds('it takes too many steps');
    const value = this.method(statement, scope) ?? super.evaluate(statement, scope);
    const made: unknown = value.value;
    if ((typeof made === 'string' || Array.isArray(made)) && made.length > this.most)
      throw new OutOfBounds('it makes a text or a list that is far longer than the conversation');
    return value;
  }

  /** `text.strip` and its like as functions; undefined for everything else. */
  private method(statement: Statement | undefined, scope: Scope): Value | undefined {
    if (statement?.type !== 'MemberExpression') return undefined;
    const { object, property, computed } = statement as MemberExpression;
    const work = computed || property.type !== 'Identifier' ? undefined : STRING_METHODS[String(property.value)];
    if (!work) return undefined;
    const text: unknown = this.evaluate(object, scope).value;
    if (typeof text !== 'string') return undefined;
    return new NewScope().set('method', (...given: string[]) => work(text, ...given));
  }
}

function boundedRange(start: number, stop?: number, step = 1): number[] {
  const [from, to] = stop === undefined ? [0, start] : [start, stop];
  const length = Math.max(0, Math.ceil((to - from) / step));
  if (!Number.isFinite(length) || length > LONGEST_COUNT) throw new OutOfBounds(`it counts from ${from} to ${to}`);
  return Array.from({ length }, (_, i) => from + i * step);
}

/** Python's strip: any of the characters, or whitespace where none are named. */
function stripped(text: string, characters: string | undefined, left: boolean, right: boolean): string {
  if (typeof characters !== 'string') {
    const begun = left ? text.trimStart() : text;
    return right ? begun.trimEnd() : begun;
  }
  let start = 0;
  let end = text.length;
  while (left && start < end && characters.includes(text[start]!)) start++;
  while (right && end > start && characters.includes(text[end - 1]!)) end--;
  return text.slice(start, end);
}

/** Characters in what a template is given. */
function size(value: unknown): number {
  if (typeof value === 'string') return value.length;
  if (typeof value !== 'object' || value === null) return 1;
  return Object.values(value).reduce((sum: number, part) => sum + size(part), 0);
}

/** Runs it, and says what the JavaScript engine itself threw in words of a template. */
function inWords<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError)
      throw new OutOfBounds(
        /call stack/i.test(error.message) ? 'it is nested too deeply' : 'it makes a text that is too long',
        { cause: error },
      );
    throw error;
  }
}
