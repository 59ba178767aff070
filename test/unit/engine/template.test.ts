import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { Message } from '../../../src/core/pairs/pair.js';
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
  const { text, contents } = template.render(messages, true);
  return contents.map((range) => (range ? text.slice(range.start, range.end) : '(none)'));
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
    const { contents, text } = chatml.render(messages, false);
    expect(text.lastIndexOf('user<|im_end|>')).toBe(contents[2]!.start);
  });

  it('follows a template that trims', () => {
    const template = new ChatTemplate({ source: TRIMMING, bos: '<s>', eos: '</s>' });
    const messages: Message[] = [
      { role: 'user', content: '  Hello \n' },
      { role: 'assistant', content: ' Bye' },
    ];
    expect(template.render(messages, false).text).toBe('<s>[INST] Hello [/INST] Bye</s>');
    expect(shown(template, messages)).toEqual(['Hello', 'Bye']);
    expect(template.render(messages, false).contents[0]!.trimmed).toBe(2);
  });

  it('searches where the template looks into the contents', () => {
    const template = new ChatTemplate({ source: LOOKING, bos: '', eos: '' });
    const messages: Message[] = [
      { role: 'user', content: 'Why?' },
      { role: 'assistant', content: '<think>hm</think>Because.' },
    ];
    expect(shown(template, messages)).toEqual(['Why?', '(none)']);
  });

  it('passes extra variables', () => {
    const template = new ChatTemplate({
      source: '{% if enable_thinking is defined and not enable_thinking %}off{% else %}on{% endif %}',
      bos: '',
      eos: '',
    });
    expect(template.render([], false).text).toBe('on');
    expect(template.render([], false, { enable_thinking: false }).text).toBe('off');
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

  it('refuses a template that is broken', () => {
    expect(() => new ChatTemplate({ source: '{% if %}', bos: '', eos: '' })).toThrow(/cannot be read/);
  });
});
