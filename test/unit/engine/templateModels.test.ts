import { describe, expect, it } from 'vitest';
import type { Message } from '../../../src/core/pairs/pair.js';
import type { Thinking } from '../../../src/core/thinking.js';
import { rangeOf } from '../../../src/engine/process/contentPieces.js';
import { ChatTemplate } from '../../../src/engine/process/template.js';
import { inlineTemplate, publishedTemplates } from '../../fixtures/chatTemplates/published.js';

/**
 * The six models of the paper: what their makers say that a conversation looks like, written out by hand. Qwen3, gpt-oss,
 * Mixtral and Phi-3.5 from published templates of their families. OLMoE's is not in llama.cpp's sources: below is one of the
 * format that its makers train with ("tulu" in their open-instruct, with the bos token in front), in other words.
 */
const published = publishedTemplates();

const qwen3 = chatTemplate(published.get('Qwen-Qwen3-0.6B.jinja')!, '', '<|im_end|>');
const gptOss = chatTemplate(published.get('openai-gpt-oss-120b.jinja')!, '<|startoftext|>', '<|return|>');
const phi = chatTemplate(published.get('microsoft-Phi-3.5-mini-instruct.jinja')!, '<s>', '<|endoftext|>');
const mixtral = chatTemplate(
  inlineTemplate("mistralai/Mistral-7B-Instruct-v0.2 (mistralai 'v1' template with a system prompt)"),
  '<s>',
  '</s>',
);
const olmoe = chatTemplate(
  '{{ bos_token }}{% for m in messages %}<|{{ m.role }}|>\n{{ m.content }}' +
    "{% if m.role == 'assistant' %}{{ eos_token }}{% endif %}{% if not loop.last or m.role != 'assistant' %}{{ '\n' }}{% endif %}" +
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}",
  '<|endoftext|>',
  '<|endoftext|>',
);

function chatTemplate(source: string, bos: string, eos: string): ChatTemplate {
  return new ChatTemplate({ source, bos, eos });
}

const SYSTEM: Message = { role: 'system', content: 'Use digits.' };
const ASK: Message = { role: 'user', content: 'Count from one to three. Count!' };
const ANSWER: Message = { role: 'assistant', content: '1, 2, 3' };
const AGAIN: Message = { role: 'user', content: 'Count' };

const harmony = (effort: string, instructions = ''): string =>
  '<|start|>system<|message|>You are ChatGPT, a large language model trained by OpenAI.\n' +
  `Knowledge cutoff: 2024-06\nCurrent date: 2025-06-28\n\nReasoning: ${effort}\n\n` +
  '# Valid channels: analysis, commentary, final. Channel must be included for every message.<|end|>' +
  (instructions && `<|start|>developer<|message|># Instructions\n\n${instructions}\n\n<|end|>`);

type Row = [what: string, thinking: Thinking | undefined, messages: Message[], generate: boolean, text: string];

function renders(template: ChatTemplate, rows: Row[]): void {
  it.each(rows)('%s', (_, thinking, messages, generate, text) => {
    const rendered = template.render(messages, generate, { thinking });
    expect(rendered.text).toBe(text);
    // The target: the whole answer, a word of the user's message (its last), a word of the system message.
    for (const [role, word] of [
      ['assistant', '1, 2, 3'],
      ['user', 'Count'],
      ['system', 'digits'],
    ] as const) {
      const slot = messages.findLastIndex((message) => message.role === role);
      if (slot < 0) continue;
      const { content } = messages[slot]!;
      const from = content.lastIndexOf(word);
      const range = rangeOf(rendered.pieces, slot, from, from + word.length);
      // Where it has to be, found in the text that is expected: the content once, counted from the right end.
      const place = text.lastIndexOf(role === 'assistant' ? word : content) + (role === 'assistant' ? 0 : from);
      expect(range).toEqual({ start: place, end: place + word.length });
    }
  });
}

const TALK = '<|im_start|>user\nCount from one to three. Count!<|im_end|>\n<|im_start|>assistant\n';
const NO_THOUGHT = '<think>\n\n</think>\n\n';

describe('Qwen3-30B-A3B', () => {
  renders(qwen3, [
    ['asks, thinking as the model does', undefined, [ASK], true, TALK],
    ['asks, thinking on', 'on', [ASK], true, TALK],
    ['asks, thinking off', 'off', [ASK], true, TALK + NO_THOUGHT],
    ['answers, thinking off', 'off', [ASK, ANSWER], false, `${TALK}${NO_THOUGHT}1, 2, 3<|im_end|>\n`],
    ['answers, thinking on', 'on', [ASK, ANSWER], false, `${TALK}${NO_THOUGHT}1, 2, 3<|im_end|>\n`],
    [
      'goes on: answers further up have no think block',
      'off',
      [SYSTEM, ASK, ANSWER, AGAIN],
      true,
      `<|im_start|>system\nUse digits.<|im_end|>\n${TALK}1, 2, 3<|im_end|>\n` +
        `<|im_start|>user\nCount<|im_end|>\n<|im_start|>assistant\n${NO_THOUGHT}`,
    ],
    [
      'answers after it thought',
      'on',
      [ASK, { ...ANSWER, thinking: 'Three numbers.' }],
      false,
      `${TALK}<think>\nThree numbers.\n</think>\n\n1, 2, 3<|im_end|>\n`,
    ],
    [
      'answers after it thought, in the text',
      'on',
      [ASK, { role: 'assistant', content: '<think>Three numbers.</think>1, 2, 3' }],
      false,
      `${TALK}<think>\nThree numbers.\n</think>\n\n1, 2, 3<|im_end|>\n`,
    ],
    [
      'forgets what it thought earlier',
      'on',
      [ASK, { role: 'assistant', content: '<think>Three numbers.</think>1, 2, 3' }, AGAIN],
      true,
      `${TALK}1, 2, 3<|im_end|>\n<|im_start|>user\nCount<|im_end|>\n<|im_start|>assistant\n`,
    ],
  ]);
});

const USER = '<|start|>user<|message|>Count from one to three. Count!<|end|><|start|>assistant';
const FINAL = '<|channel|>final<|message|>';

describe('gpt-oss', () => {
  renders(gptOss, [
    ['asks, thinking as the model does', undefined, [ASK], true, harmony('medium') + USER],
    ['asks, thinking on', 'on', [ASK], true, harmony('medium') + USER],
    ['asks, thinking low', 'low', [ASK], true, harmony('low') + USER],
    ['asks, thinking high', 'high', [SYSTEM, ASK], true, harmony('high', 'Use digits.') + USER],
    ['asks, thinking off: in the final channel', 'off', [ASK], true, harmony('medium') + USER + FINAL],
    ['answers', undefined, [ASK, ANSWER], false, `${harmony('medium') + USER + FINAL}1, 2, 3<|return|>`],
    ['answers, thinking off', 'off', [ASK, ANSWER], false, `${harmony('medium') + USER + FINAL}1, 2, 3<|return|>`],
    [
      'answers after it thought',
      'low',
      [ASK, { ...ANSWER, thinking: 'Three numbers.' }],
      false,
      `${harmony('low') + USER}<|channel|>analysis<|message|>Three numbers.<|end|><|start|>assistant${FINAL}1, 2, 3<|return|>`,
    ],
    [
      'goes on, thinking off',
      'off',
      [SYSTEM, ASK, ANSWER, AGAIN],
      true,
      `${harmony('medium', 'Use digits.') + USER + FINAL}1, 2, 3<|end|><|start|>user<|message|>Count<|end|><|start|>assistant${FINAL}`,
    ],
  ]);
});

describe('Mixtral-8x7B-Instruct', () => {
  const first = '<s> [INST] Count from one to three. Count! [/INST]';
  renders(mixtral, [
    ['asks', undefined, [ASK], true, first],
    ['answers', undefined, [ASK, ANSWER], false, `${first} 1, 2, 3</s>`],
    [
      'puts the system prompt into the first message',
      undefined,
      [SYSTEM, ASK, ANSWER, AGAIN],
      true,
      '<s> [INST] Use digits.\n\nCount from one to three. Count! [/INST] 1, 2, 3</s> [INST] Count [/INST]',
    ],
  ]);

  it('puts the system prompt into the last message where the template does (v3), and finds it there', () => {
    const nemo = chatTemplate(published.get('mistralai-Mistral-Nemo-Instruct-2407.jinja')!, '<s>', '</s>');
    const { text, pieces } = nemo.render([SYSTEM, ASK, ANSWER, AGAIN], true);
    expect(text).toBe('<s>[INST]Count from one to three. Count![/INST]1, 2, 3</s>[INST]Use digits.\n\nCount[/INST]');
    const range = rangeOf(pieces, 0, 4, 10)!;
    expect([text.slice(range.start, range.end), range.start]).toEqual(['digits', text.indexOf('digits')]);
  });
});

describe('OLMoE-1B-7B-0125-Instruct', () => {
  renders(olmoe, [
    ['asks', undefined, [ASK], true, '<|endoftext|><|user|>\nCount from one to three. Count!\n<|assistant|>\n'],
    [
      'answers',
      undefined,
      [SYSTEM, ASK, ANSWER],
      false,
      '<|endoftext|><|system|>\nUse digits.\n<|user|>\nCount from one to three. Count!\n<|assistant|>\n1, 2, 3<|endoftext|>',
    ],
  ]);
});

describe('Phi-3.5-MoE-instruct', () => {
  const talk = '<|system|>\nUse digits.<|end|>\n<|user|>\nCount from one to three. Count!<|end|>\n<|assistant|>\n';
  renders(phi, [
    ['asks', undefined, [SYSTEM, ASK], true, talk],
    ['answers', undefined, [SYSTEM, ASK, ANSWER], false, `${talk}1, 2, 3<|end|>\n<|endoftext|>`],
    [
      'goes on',
      undefined,
      [SYSTEM, ASK, ANSWER, AGAIN],
      true,
      `${talk}1, 2, 3<|end|>\n<|user|>\nCount<|end|>\n<|assistant|>\n`,
    ],
  ]);
});

describe('thinking', () => {
  it.each<[string, string, Thinking[]]>([
    ['Qwen-Qwen3-0.6B', 'enable_thinking', ['off', 'on']],
    ['GLM-4.6', 'enable_thinking', ['off', 'on']],
    ['deepseek-ai-DeepSeek-V3.1', 'enable_thinking', ['off', 'on']],
    ['deepseek-ai-DeepSeek-V4-Flash-0731', 'enable_thinking, reasoning_effort', ['off', 'on', 'high']],
    ['ibm-granite-granite-3.3-2B-Instruct', 'thinking', ['off', 'on']],
    ['Kimi-K3', 'thinking, thinking_effort', ['off', 'on', 'low', 'high']],
    ['MiniMax-M3', 'thinking_mode', ['off', 'on']],
    ['tencent-Hy3', 'reasoning_effort', ['off', 'on', 'low', 'high']],
    ['openai-gpt-oss-120b', 'reasoning_effort', ['off', 'on', 'low', 'medium', 'high']],
  ])('of %s is switched by %s', (name, variable, modes) => {
    expect(chatTemplate(published.get(`${name}.jinja`)!, '', '').thinking).toMatchObject({ variable, modes });
  });

  it.each(['Kimi-K2-Instruct', 'MiniMax-M2', 'microsoft-Phi-3.5-mini-instruct', 'Apriel-1.6-15b-Thinker-fixed'])(
    'of %s cannot be switched, and says so when asked',
    (name) => {
      const template = chatTemplate(published.get(`${name}.jinja`)!, '', '');
      expect(template.thinking).toBeUndefined();
      expect(() => template.render([ASK], true, { thinking: 'off' })).toThrow(/no way to set thinking to "off"/);
    },
  );

  const switched = [...published].flatMap(([name, source]) => {
    const template = chatTemplate(source, '<s>', '</s>');
    return template.thinking?.modes.includes('off') ? [[name, template] as const] : [];
  });

  it.each(switched)('off: an answer of %s begins in detection as in generation', (_, template) => {
    for (const before of [[ASK], [ASK, ANSWER, AGAIN]]) {
      const generated = template.render(before, true, { thinking: 'off' }).text;
      const { text, pieces } = template.render([...before, ANSWER], false, { thinking: 'off' });
      const { start } = rangeOf(pieces, before.length, 0, ANSWER.content.length)!;
      expect(text.slice(0, generated.length)).toBe(generated);
      expect(text.slice(start, start + ANSWER.content.length)).toBe(ANSWER.content);
      // What the model itself writes before its answer where thinking is off: whitespace, or the answer's own tag.
      expect(text.slice(generated.length, start)).toMatch(/^(\s*|<\|START_(TEXT|RESPONSE)\|>)$/);
    }
    expect(switched.length).toBeGreaterThan(25);
  });
});
