import { HumanError } from '../../core/humanError.js';
import type { Message } from '../../core/pairs/pair.js';
import type { Thinking } from '../../core/thinking.js';
import { contentPieces, marksThinking, type ContentPiece } from './contentPieces.js';
import { JinjaTemplate, OutOfBounds } from './jinja.js';
import { thinkingModes, type ThinkingModes } from './thinkingModes.js';

export interface TemplateFacts {
  source: string;
  bos: string;
  eos: string;
}

export interface RenderOptions {
  /** Absent: what the template does by itself. */
  thinking?: Thinking | undefined;
  /** Extra template variables; they win over those of `thinking`. */
  variables?: Record<string, unknown> | undefined;
}

export interface RenderedText {
  text: string;
  /**
   * What in it came from the messages, in order. Slot i is the content of message i; slots from the number of messages
   * on are the messages' thinking.
   */
  pieces: ContentPiece[];
}

/**
 * The model's own chat template, applied to exactly the messages given: what Hugging Face and llama.cpp render.
 * No system prompt is added but what the template itself adds.
 *
 * Thinking off means that an answer begins in detection with the same text before it as in generation:
 * - Qwen3 opens an answer with an empty think block, and writes the same block before the last answer of a finished
 *   conversation, whereas answers further up have none, in detection as in generation. DeepSeek V3.1, V4 (`</think>`) and
 *   GLM 4.7 do likewise. GLM 4.6 writes a line break after the block, which the model writes itself when it answers.
 * - gpt-oss has no switch for it: see thinkingModes.
 * - Some (DeepSeek V3.2, Gemma 4) open answers with an empty block that they leave out of finished ones: render puts it in.
 * With thinking on, or nothing said, a finished conversation is what the template makes of it; only the answer is
 * compared, never the thinking before it.
 */
export class ChatTemplate {
  private readonly jinja: JinjaTemplate;
  private modes: ThinkingModes | null | undefined;

  constructor(private readonly facts: TemplateFacts) {
    try {
      this.jinja = new JinjaTemplate(facts.source);
    } catch (error) {
      const why = `The chat template of the model cannot be read: ${wordsOf(error)}`;
      throw new HumanError('template-failed', why, 'Choose another GGUF of the model.', { cause: error });
    }
  }

  /** How thinking can be switched; undefined where it cannot. */
  get thinking(): ThinkingModes | undefined {
    this.modes ??= thinkingModes(this.facts.source, (variables) => this.probe(variables)) ?? null;
    return this.modes ?? undefined;
  }

  /** Fails with HumanError template-failed where the template refuses the messages or the way of thinking. */
  render(messages: readonly Message[], generationPrompt: boolean, options: RenderOptions = {}): RenderedText {
    const mode = options.thinking && this.mode(options.thinking);
    const variables = { ...mode?.variables, ...options.variables };
    if (generationPrompt && mode?.openAnswer) return this.openedAnswer(messages, variables);
    const rendered = this.located(messages, generationPrompt, variables);
    if (options.thinking !== 'off' || generationPrompt || !isPlainAnswer(messages.at(-1))) return rendered;
    return this.opensAsGenerated(rendered, messages, variables);
  }

  private mode(thinking: Thinking) {
    const mode = this.thinking?.of.get(thinking);
    if (!mode)
      throw new HumanError(
        'template-failed',
        `The chat template of the model has no way to set thinking to "${thinking}".`,
        'Leave the choice to the model.',
      );
    return mode;
  }

  /** Up to where the answer of a finished conversation would begin. */
  private openedAnswer(messages: readonly Message[], variables: Record<string, unknown>): RenderedText {
    const finished = this.located([...messages, { role: 'assistant', content: 'Answer' }], false, variables);
    const answer = finished.pieces.findLast(({ slot }) => slot === messages.length);
    if (!answer) throw this.refusal(new Error('it leaves the answer out'), messages, variables);
    return {
      text: finished.text.slice(0, answer.start),
      // The thinking of messages comes after all contents, of which there is one less.
      pieces: finished.pieces
        .filter(({ start }) => start < answer.start)
        .map((piece) => (piece.slot > messages.length ? { ...piece, slot: piece.slot - 1 } : piece)),
    };
  }

  /** A finished conversation whose last answer has before it what it would have had when it was generated. */
  private opensAsGenerated(
    rendered: RenderedText,
    messages: readonly Message[],
    variables: Record<string, unknown>,
  ): RenderedText {
    const last = messages.length - 1;
    const answer = rendered.pieces.find(({ slot }) => slot === last);
    if (!answer) return rendered;
    const opening = rendered.text.slice(0, answer.start);
    let question: RenderedText;
    try {
      question = this.located(messages.slice(0, -1), true, variables);
    } catch (error) {
      if (isOutOfBounds(error)) throw error;
      // An answer to nothing is not one that the model would have been asked for.
      return rendered;
    }
    if (opening.startsWith(question.text)) return rendered;
    const text = continued(question.text, opening);
    const shift = text.length - opening.length;
    return {
      text: text + rendered.text.slice(answer.start),
      pieces: [
        ...question.pieces.map((piece) => (piece.slot >= last ? { ...piece, slot: piece.slot + 1 } : piece)),
        ...rendered.pieces
          .filter(({ start }) => start >= answer.start)
          .map((piece) => ({ ...piece, start: piece.start + shift, end: piece.end + shift })),
      ],
    };
  }

  private located(
    messages: readonly Message[],
    generationPrompt: boolean,
    variables: Record<string, unknown>,
  ): RenderedText {
    const text = this.apply(messages, generationPrompt, variables);
    const thinking = messages.flatMap((message, index) => (message.thinking === undefined ? [] : [index]));
    const texts = [...messages.map(({ content }) => content), ...thinking.map((index) => messages[index]!.thinking!)];
    const pieces = contentPieces(text, texts, (replaced) => {
      const others = messages.map((message, index) => {
        const at = thinking.indexOf(index);
        const content = replaced[index]!;
        return at < 0 ? { ...message, content } : { ...message, content, thinking: replaced[messages.length + at]! };
      });
      try {
        return this.apply(others, generationPrompt, variables);
      } catch (error) {
        if (isOutOfBounds(error)) throw error;
        return undefined;
      }
    });
    return { text, pieces };
  }

  private apply(messages: readonly Message[], generationPrompt: boolean, variables: Record<string, unknown>): string {
    const given = {
      messages: messages.map(({ role, content, thinking }) => ({
        role,
        content,
        ...(thinking !== undefined && { reasoning_content: thinking, thinking }),
      })),
      add_generation_prompt: generationPrompt,
      bos_token: this.facts.bos,
      eos_token: this.facts.eos,
      ...variables,
    };
    try {
      return this.jinja.render(given);
    } catch (error) {
      if (error instanceof OutOfBounds) throw outOfBounds(error, messages);
      try {
        // Templates differ in what "no tools" looks like: most test for the variable, some walk through it.
        return this.jinja.render({ tools: [], ...given });
      } catch (again) {
        if (again instanceof OutOfBounds) throw outOfBounds(again, messages);
        throw this.refusal(error, messages, { ...variables, add_generation_prompt: generationPrompt });
      }
    }
  }

  private refusal(error: unknown, messages: readonly Message[], variables: Record<string, unknown>): HumanError {
    const why = `The chat template of the model does not accept this conversation: ${wordsOf(error)}`;
    return new HumanError('template-failed', why, this.remedy(messages, variables), { cause: error });
  }

  /** What to change, found by trying. */
  private remedy(messages: readonly Message[], variables: Record<string, unknown>): string {
    const accepts = (roles: readonly Message['role'][]): boolean => {
      const some = roles.map((role) => ({ role, content: 'x' }));
      try {
        this.jinja.render({ ...variables, messages: some, bos_token: this.facts.bos, eos_token: this.facts.eos });
        return true;
      } catch (error) {
        if (error instanceof OutOfBounds) throw outOfBounds(error, some);
        return false;
      }
    };
    const roles = messages.map(({ role }) => role);
    if (!accepts(['user']) && !accepts(['user', 'assistant']))
      return 'Choose another GGUF of the model: this template accepts no conversation at all.';
    if (accepts(roles)) return 'Change the text of the messages.';
    const talk = roles.filter((role) => role !== 'system');
    if (talk.length < roles.length && accepts(talk))
      return 'Leave the system prompt out, or write it into the first user message: this model takes none there.';
    return 'Let user and assistant take turns, the user first, with at most one system prompt before them.';
  }

  private probe(variables: Record<string, unknown>): { question: string; opening: string } | undefined {
    const answer = 'Answer';
    try {
      const messages: Message[] = [{ role: 'user', content: 'Question' }];
      const question = this.apply(messages, true, variables);
      const finished = this.apply([...messages, { role: 'assistant', content: answer }], false, variables);
      return { question, opening: finished.slice(0, finished.lastIndexOf(answer)) };
    } catch (error) {
      if (isOutOfBounds(error)) throw error;
      return undefined;
    }
  }
}

/** More messages than this may be too many for a template that compares each with each. */
const MANY_MESSAGES = 100;

function outOfBounds(error: OutOfBounds, messages: readonly Message[]): HumanError {
  return new HumanError(
    messages.length > MANY_MESSAGES ? 'template-failed' : 'model-unsupported',
    `The chat template of the model was stopped on a conversation of ${messages.length} messages: ${wordsOf(error)}`,
    'Choose another GGUF of the model, or try a shorter conversation.',
    { cause: error },
  );
}

function isOutOfBounds(error: unknown): boolean {
  return error instanceof HumanError && error.cause instanceof OutOfBounds;
}

/** An answer without thinking of its own: neither as a field nor marked in its text. */
function isPlainAnswer(message: Message | undefined): boolean {
  return message?.role === 'assistant' && message.thinking === undefined && !marksThinking(message.content);
}

/** The generation prompt, and of how a finished answer opens what comes after the part that both share. */
function continued(question: string, opening: string): string {
  let shared = 0;
  while (shared < opening.length && question[shared] === opening[shared]) shared++;
  // A tag belongs to one side or the other as a whole.
  const tag = opening.lastIndexOf('<', shared - 1);
  if (tag >= 0 && !opening.slice(tag, shared).includes('>')) shared = tag;
  const rest = opening.slice(shared);
  return question.endsWith(rest) ? question : question + rest;
}

const LONGEST_WORDS = 300;

/** What went wrong, in one line of a length that can be shown: it may come out of the template. */
function wordsOf(error: unknown): string {
  const words = (error instanceof Error ? error.message : String(error)).replace(/[\s\p{C}]+/gu, ' ').trim();
  const short = words.length > LONGEST_WORDS ? `${words.slice(0, LONGEST_WORDS)}...` : words;
  return /[.!?…]$/.test(short) ? short : `${short}.`;
}
