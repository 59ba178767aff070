import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { Message } from '../../../src/core/pairs/pair.js';
import { rangeOf } from '../../../src/engine/process/contentPieces.js';
import { ChatTemplate } from '../../../src/engine/process/template.js';

const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}";

/** As Mistral's: trims, and puts the system message into the user's turn. */
const TRIMMING =
  "{{ bos_token }}{% for m in messages %}{% if m.role == 'system' %}<<SYS>>{{ m.content | trim }}<</SYS>>" +
  "{% elif m.role == 'user' %}[INST] {{ m.content | trim }} [/INST]{% else %} {{ m.content | trim }}{{ eos_token }}{% endif %}{% endfor %}";

/** As Qwen3's: looks into the content of an assistant message and moves a part of it. */
const LOOKING =
  "{% for m in messages %}{% if '</think>' in m.content %}{{ m.content.split('</think>')[-1] }}{% else %}{{ m.role }}: {{ m.content }}{% endif %}|{% endfor %}";

const chatml = new ChatTemplate({ source: CHATML, bos: '<s>', eos: '</s>' });

function shown(template: ChatTemplate, messages: Message[]): string[] {
  const { text, pieces } = template.render(messages, true);
  return messages.map((message, slot) => {
    const range = rangeOf(pieces, slot, 0, message.content.length);
    return range ? text.slice(range.start, range.end) : '(none)';
  });
}

describe('ChatTemplate', () => {
  it('renders exactly the messages given, without a system prompt of its own', () => {
    const { text } = chatml.render([{ role: 'user', content: 'Hi' }], true);
    expect(text).toBe('<|im_start|>user\nHi<|im_end|>\n<|im_start|>assistant\n');
  });

  it('finds each content even where one is part of another or of the template', () => {
    const messages: Message[] = [
      { role: 'system', content: 'user' },
      { role: 'user', content: 'Say user twice: user' },
      { role: 'assistant', content: 'user' },
    ];
    expect(shown(chatml, messages)).toEqual(messages.map(({ content }) => content));
    const { pieces, text } = chatml.render(messages, false);
    expect(text.lastIndexOf('user<|im_end|>')).toBe(pieces[2]!.start);
  });

  it('follows a template that trims', () => {
    const template = new ChatTemplate({ source: TRIMMING, bos: '<s>', eos: '</s>' });
    const messages: Message[] = [
      { role: 'user', content: '  Hello \n' },
      { role: 'assistant', content: ' Bye' },
    ];
    expect(template.render(messages, false).text).toBe('<s>[INST] Hello [/INST] Bye</s>');
    expect(shown(template, messages)).toEqual(['Hello', 'Bye']);
    const { text, pieces } = template.render(messages, false);
    // "lo" of "Hello", counted with the spaces that were trimmed.
    expect(rangeOf(pieces, 0, 5, 7)).toEqual({ start: text.indexOf('lo'), end: text.indexOf('lo') + 2 });
    expect(rangeOf(pieces, 0, 0, 2)).toBeUndefined();
  });

  it('finds what is left of a content that the template looks into', () => {
    const template = new ChatTemplate({ source: LOOKING, bos: '', eos: '' });
    const messages: Message[] = [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: '<think>hm</think>Because.' },
      { role: 'user', content: 'hm' },
    ];
    expect(shown(template, messages)).toEqual(['Why?', 'Because.', 'hm']);
    const { pieces } = template.render(messages, true);
    expect(rangeOf(pieces, 1, '<think>'.length, '<think>hm'.length)).toBeUndefined();
  });

  it('does without tracers where there are more words than tracers', () => {
    const template = new ChatTemplate({ source: LOOKING, bos: '', eos: '' });
    const many = 'word '.repeat(140_000);
    const messages: Message[] = [
      { role: 'user', content: many },
      { role: 'assistant', content: '<think>hm</think>Because.' },
    ];
    expect(shown(template, messages)).toEqual([many.trim(), '(none)']);
  });

  it('finds contents that are moved, repeated or left out', () => {
    const source =
      "{% for m in messages | selectattr('role', 'equalto', 'user') %}[{{ m.content }}]{% endfor %}" +
      '{{ messages[0].content }} / {{ messages[0].content }}';
    const template = new ChatTemplate({ source, bos: '', eos: '' });
    const messages: Message[] = [
      { role: 'system', content: 'a [b]' },
      { role: 'user', content: 'b' },
      { role: 'assistant', content: 'b' },
    ];
    const { text, pieces } = template.render(messages, false);
    expect(text).toBe('[b]a [b] / a [b]');
    expect(pieces.map(({ slot, start }) => [slot, start])).toEqual([
      [1, 1],
      [0, 3],
      [0, 11],
    ]);
    expect(rangeOf(pieces, 0, 2, 5)).toEqual({ start: 13, end: 16 });
  });

  it('rather finds nothing than the wrong place', () => {
    const template = new ChatTemplate({
      source: "{% set c = messages[0].content %}{{ 'Yes? Yes!' if c == 'Yes' else 'No.' if c == 'No' else c }}",
      bos: '',
      eos: '',
    });
    expect(shown(template, [{ role: 'user', content: 'Yes' }])).toEqual(['(none)']);
    expect(shown(template, [{ role: 'user', content: 'No' }])).toEqual(['No']);
  });

  it('passes extra variables', () => {
    const template = new ChatTemplate({
      source: '{% if enable_thinking is defined and not enable_thinking %}off{% else %}on{% endif %}',
      bos: '',
      eos: '',
    });
    expect(template.render([], false).text).toBe('on');
    expect(template.render([], false, { variables: { enable_thinking: false } }).text).toBe('off');
  });

  it('says in the template’s words why it refuses a conversation', () => {
    const template = new ChatTemplate({
      source:
        "{% if messages[0].role != 'user' %}{{ raise_exception('The first turn must be the user’s.') }}{% endif %}",
      bos: '',
      eos: '',
    });
    const refused = (): unknown => template.render([{ role: 'assistant', content: 'x' }], false);
    expect(refused).toThrow(HumanError);
    expect(refused).toThrow(/The first turn must be the user’s/);
  });

  it('gives every run the same date', () => {
    const source = "{{ strftime_now('%Y-%m-%d, %A %-d %B %y %H:%M %q') }}";
    const { text } = new ChatTemplate({ source, bos: '', eos: '' }).render([], false);
    expect(text).toBe('2025-06-28, Saturday 28 June 25 00:00 %q');
  });

  it('does without tools, whatever that is to the template', () => {
    const walking = new ChatTemplate({
      source: '{% for t in tools %}{{ t }}{% endfor %}{{ messages[0].content }}',
      bos: '',
      eos: '',
    });
    const testing = new ChatTemplate({
      source: '{% if tools is defined %}tools{% endif %}{{ messages[0].content }}',
      bos: '',
      eos: '',
    });
    for (const template of [walking, testing])
      expect(template.render([{ role: 'user', content: 'Hi' }], true).text).toBe('Hi');
  });

  it.each<[string, string, Message['role'][], RegExp]>([
    [
      'a system prompt',
      "{% for m in messages %}{% if m.role == 'system' %}{{ raise_exception('No') }}{% endif %}{% endfor %}",
      ['system', 'user'],
      /^Leave the system prompt out/,
    ],
    [
      'two in a row',
      "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('No') }}{% endif %}{% endfor %}",
      ['user', 'user'],
      /^Let user and assistant take turns/,
    ],
    ['anything', "{{ raise_exception('No') }}", ['user'], /^Choose another GGUF/],
    [
      'a text',
      "{% for m in messages %}{% if 'y' in m.content %}{{ raise_exception('No') }}{% endif %}{% endfor %}",
      ['user'],
      /^Change the text/,
    ],
  ])('says what to change where the template refuses %s', (_, source, roles, next) => {
    const template = new ChatTemplate({ source, bos: '', eos: '' });
    const refused = (): unknown =>
      template.render(
        roles.map((role) => ({ role, content: 'y' })),
        true,
      );
    expect(refused).toThrow(expect.objectContaining({ reason: 'template-failed', next: expect.stringMatching(next) }));
  });

  it('refuses a template that is broken', () => {
    expect(() => new ChatTemplate({ source: '{% if %}', bos: '', eos: '' })).toThrow(/cannot be read/);
  });
});
