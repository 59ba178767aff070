import { Template } from '@huggingface/jinja';
import { HumanError } from '../../core/humanError.js';
import type { Message } from '../../core/pairs/pair.js';

export interface TemplateFacts {
  source: string;
  bos: string;
  eos: string;
}

export interface RenderedText {
  text: string;
  /** For each message the UTF-16 range of its content in text, and how many leading characters the template trimmed. */
  contents: (ContentRange | undefined)[];
}

export interface ContentRange {
  start: number;
  end: number;
  trimmed: number;
}

/**
 * The model's own chat template, applied to exactly the messages given: what Hugging Face and llama.cpp render.
 * No system prompt is added but what the template itself adds.
 */
export class ChatTemplate {
  private readonly template: Template;

  constructor(private readonly facts: TemplateFacts) {
    try {
      this.template = new Template(facts.source);
    } catch (error) {
      throw failed('The chat template of the model cannot be read', error);
    }
  }

  /** @param variables extra template variables, for instance { enable_thinking: false } */
  render(
    messages: readonly Message[],
    generationPrompt: boolean,
    variables: Record<string, unknown> = {},
  ): RenderedText {
    const text = this.apply(messages, generationPrompt, variables);
    return { text, contents: this.locate(text, messages, generationPrompt, variables) };
  }

  private apply(messages: readonly Message[], generationPrompt: boolean, variables: Record<string, unknown>): string {
    try {
      return this.template.render({
        ...variables,
        messages: messages.map(({ role, content }) => ({ role, content })),
        add_generation_prompt: generationPrompt,
        bos_token: this.facts.bos,
        eos_token: this.facts.eos,
      });
    } catch (error) {
      throw failed('The chat template of the model does not accept this conversation', error);
    }
  }

  /**
   * Where each message's content ended up: render once more with marks in place of the contents, and check that
   * putting the contents where the marks are gives the same text. Templates that look into contents (Qwen3 moves
   * thinking, for instance) fail the check; then the contents are searched for in their order.
   */
  private locate(
    text: string,
    messages: readonly Message[],
    generationPrompt: boolean,
    variables: Record<string, unknown>,
  ): RenderedText['contents'] {
    const mark = (index: number): string => `\uE000${index}\uE001`;
    const marked = messages.map(({ role }, index) => ({ role, content: mark(index) }));
    let pattern: string | undefined;
    try {
      pattern = this.apply(marked, generationPrompt, variables);
    } catch {
      // A template that refuses the marks still has the search below.
    }
    if (pattern !== undefined) {
      for (const trim of [false, true]) {
        const found = substitute(pattern, messages, mark, trim);
        if (found?.text === text) return found.contents;
      }
    }
    return search(text, messages);
  }
}

function substitute(
  pattern: string,
  messages: readonly Message[],
  mark: (index: number) => string,
  trim: boolean,
): RenderedText | undefined {
  let text = '';
  let rest = pattern;
  const contents: ContentRange[] = [];
  for (const [index, message] of messages.entries()) {
    const at = rest.indexOf(mark(index));
    if (at < 0) return undefined;
    const content = trim ? message.content.trim() : message.content;
    text += rest.slice(0, at);
    contents.push({
      start: text.length,
      end: text.length + content.length,
      trimmed: trim ? leading(message.content) : 0,
    });
    text += content;
    rest = rest.slice(at + mark(index).length);
  }
  return { text: text + rest, contents };
}

function search(text: string, messages: readonly Message[]): RenderedText['contents'] {
  let from = 0;
  return messages.map(({ content }) => {
    for (const [candidate, trimmed] of [
      [content, 0],
      [content.trim(), leading(content)],
    ] as const) {
      const start = text.indexOf(candidate, from);
      if (start < 0) continue;
      from = start + candidate.length;
      return { start, end: from, trimmed };
    }
    return undefined;
  });
}

function leading(content: string): number {
  return content.length - content.trimStart().length;
}

function failed(what: string, error: unknown): HumanError {
  const why = error instanceof Error ? error.message : String(error);
  return new HumanError(
    'template-failed',
    `${what}: ${why}`,
    'Change the roles or their order in the conversation to what the model was trained on.',
    { cause: error },
  );
}
