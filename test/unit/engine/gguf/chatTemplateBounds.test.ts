import { Template } from '@huggingface/jinja';
import { describe, expect, it } from 'vitest';
import { checkTemplateBounds } from '../../../../src/engine/process/gguf/chatTemplateBounds.js';
import { CHATML } from '../../../fixtures/models/chatTemplate.js';

const nested = (count: number, open: string, close: string, inner = 'x'): string =>
  open.repeat(count) + inner + close.repeat(count);

describe('a chat template', () => {
  it.each([
    ['ChatML', CHATML],
    ['brackets in text', '{ '.repeat(400) + '('.repeat(400)],
    ['brackets in strings', `{{ "${'('.repeat(400)}" }}`],
    ['brackets in a comment', `{# ${'(['.repeat(400)} #}`],
    ['hundreds of blocks one after the other', '{% if x %}a{% elif y %}b{% else %}c{% endif %}'.repeat(500)],
    ['hundreds of assignments', '{% set x = [1, {"a": (2)}] %}{%- set y -%}text{%- endset -%}'.repeat(500)],
    ['99 deep', nested(99, '{% for m in messages %}', '{% endfor %}')],
    ['a dictionary that ends at the end', `{{ {"a": {"b": 1}}}}`.repeat(300)],
    ['open to its end', '{{ "'],
    ['an open comment', '{# '],
  ])('is let through: %s', (_, template) => {
    expect(() => {
      checkTemplateBounds(template);
    }).not.toThrow();
  });

  it.each([
    ['blocks', nested(101, '{%- if x -%}', '{%- endif -%}'), 'nested more than 100 deep'],
    ['brackets', `{{ ${nested(101, '(', ')', '1')} }}`, 'nested more than 100 deep'],
    ['lists in a statement', `{% set x = ${nested(101, '[', ']', '1')} %}`, 'nested more than 100 deep'],
    ['megabytes', 'x'.repeat(2 ** 20), '1048576 characters long'],
    ['white space', `a${' \n'.repeat(600)}b`, '1200 characters of white space'],
  ])('is refused: %s', (_, template, why) => {
    expect(() => {
      checkTemplateBounds(template);
    }).toThrow(why);
  });

  it('that is let through at the bounds is parsed', () => {
    const longest = 2 ** 18;
    const blank = `${' '.repeat(1000)}x`;
    for (const piece of [blank, '{{ 1 }}', '{% set x = 1 %}', '{# c #}', '{%- if x -%}a{%- endif -%}']) {
      const template = piece.repeat(Math.floor(longest / piece.length));
      checkTemplateBounds(template);
      expect(new Template(template).render({})).toBeTypeOf('string');
    }
  });
});
