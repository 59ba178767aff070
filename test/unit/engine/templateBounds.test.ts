import { describe, expect, it, vi } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { Message } from '../../../src/core/pairs/pair.js';
import { JinjaTemplate } from '../../../src/engine/process/jinja.js';
import { ChatTemplate } from '../../../src/engine/process/template.js';

const messages: Message[] = [{ role: 'user', content: 'Hi' }];

function failure(source: string): HumanError {
  try {
    new ChatTemplate({ source, bos: '', eos: '' }).render(messages, true);
  } catch (error) {
    if (error instanceof HumanError) return error;
    throw error;
  }
  throw new Error('It was rendered');
}

const doubled =
  '{% set ns = namespace(x="x") %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}{{ ns.x }}';
const nest = (open: string, close: string, depth: number): string => `${open.repeat(depth)}1${close.repeat(depth)}`;

describe('a hostile template ends in a sentence', () => {
  it.each<[string, string, RegExp]>([
    ['megabytes', `{{ 1 }}${'x'.repeat(3_000_000)}`, /3,000,007 characters/],
    ['a huge range', '{% for i in range(1000000000) %}{{ i }}{% endfor %}', /counts from 0 to 1000000000/],
    ['a range without end', '{% for i in range(0, 10 ** 300, 10 ** -300) %}{% endfor %}', /counts from|finite/],
    [
      'loops in loops',
      '{% for a in range(10000) %}{% for b in range(10000) %}{% set x = a %}{% endfor %}{% endfor %}',
      /too many steps/,
    ],
    ['a text that doubles', doubled, /far longer than the conversation/],
    ['a text that doubles under ~', doubled.replace('ns.x + ns.x', 'ns.x ~ ns.x'), /far longer/],
    [
      'a list that doubles',
      '{% set ns = namespace(x=[1]) %}{% for i in range(60) %}{% set ns.x = ns.x + ns.x %}{% endfor %}',
      /far longer/,
    ],
    [
      'a replacement that grows',
      '{% set ns = namespace(x="aa") %}{% for i in range(60) %}{% set ns.x = ns.x | replace("a", "aaaa") %}{% endfor %}',
      /far longer/,
    ],
    [
      'output without end',
      '{% set x %}{% for i in range(1000) %}0123456789{% endfor %}{% endset %}' +
        '{% for a in range(10000) %}{% for b in range(1000) %}{{ x }}{% endfor %}{% endfor %}',
      /far longer|too long/,
    ],
    [
      'a macro that calls itself',
      '{% macro m(x) %}{{ m(x) }}{% endmacro %}{{ m(1) }}',
      /nested too deeply|not a function/,
    ],
    ['brackets', `{{ ${nest('(', ')', 100_000)} }}`, /cannot be read: .*nested too deeply/],
    ['blocks', nest('{% if true %}', '{% endif %}', 10_000), /nested too deeply/],
    ['negations', `{{ ${'not '.repeat(50_000)} x }}`, /nested too deeply/],
    ['a sentence without end', `{{ raise_exception('${'very '.repeat(10_000)}') }}`, /very very/],
    ['control characters', '{{ raise_exception("a\\u001b[31m\\nb\u001b[2J") }}', /: a/],
  ])(
    '%s',
    (_, source, words) => {
      const { reason, message, next } = failure(source);
      expect(['template-failed', 'model-unsupported']).toContain(reason);
      expect(message).toMatch(words);
      expect(message.length).toBeLessThan(500);
      // eslint-disable-next-line no-control-regex
      expect(message).not.toMatch(/[\u0000-\u001f]/);
      expect(next).toMatch(/^[A-Z].*\.$/);
    },
    60_000,
  );
});

it('is tried once, whatever is asked of it', () => {
  const source = `{# enable_thinking #}${doubled}`;
  const template = new ChatTemplate({ source, bos: '', eos: '' });
  const asked = vi.spyOn(JinjaTemplate.prototype, 'render');
  expect(() => template.thinking).toThrow(/far longer/);
  expect(() => template.render(messages, false, { thinking: 'off' })).toThrow(/far longer/);
  expect(asked).toHaveBeenCalledTimes(2);
});

it('is given up where a remedy is looked for and none is found in bounds', () => {
  const source = `{% if messages | length > 1 %}{{ raise_exception('No') }}{% endif %}${doubled}`;
  const template = new ChatTemplate({ source, bos: '', eos: '' });
  const asked = vi.spyOn(JinjaTemplate.prototype, 'render').mockClear();
  expect(() => template.render([...messages, ...messages], false)).toThrow(/far longer/);
  expect(asked).toHaveBeenCalledTimes(3);
});

it('bounds nothing that a long conversation needs', () => {
  const source =
    '{% for m in messages[::-1] %}{% if m.content.startswith("no") %}{{ m }}{% endif %}{% endfor %}' +
    '{% for m in messages %}{% for other in messages %}{% if other.role == "system" %}{{ m }}{% endif %}{% endfor %}' +
    '{{ m.role + ": " + m.content | trim + "\\n" }}{% endfor %}';
  const long = Array.from({ length: 300 }, (_, i): Message => ({
    role: i % 2 === 0 ? 'user' : 'assistant',
    content: `${i} ${'word '.repeat(2000)}`,
  }));
  const { text, pieces } = new ChatTemplate({ source, bos: '', eos: '' }).render(long, false);
  expect(text.length).toBeGreaterThan(3_000_000);
  expect(pieces).toHaveLength(300);
}, 60_000);
