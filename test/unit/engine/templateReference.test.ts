import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { HumanError } from '../../../src/core/humanError.js';
import type { Message } from '../../../src/core/pairs/pair.js';
import { ChatTemplate, type RenderedText } from '../../../src/engine/process/template.js';
import conversations from '../../fixtures/chatTemplates/conversations.json' with { type: 'json' };
import { publishedTemplates } from '../../fixtures/chatTemplates/published.js';
import reference from '../../fixtures/chatTemplates/reference.json' with { type: 'json' };

interface Asked {
  messages: (Message & { reasoning_content?: string })[];
  generationPrompt: boolean;
  variables?: Record<string, unknown>;
}

const asked: [string, Asked][] = Object.entries(conversations as Record<string, Asked>);
const published = publishedTemplates();
const digests = reference as Record<string, Record<string, string | null>>;

/** What Jinja2 renders and we do not, with the reason; a template that begins to work fails here. */
const KNOWN: Record<string, RegExp> = {
  'ByteDance-Seed-OSS.jinja': /Object keys must be strings/,
};

function render(source: string, { messages, generationPrompt, variables }: Asked): RenderedText {
  const template = new ChatTemplate({ source, bos: '<s>', eos: '</s>' });
  const own = messages.map(({ role, content, thinking }) =>
    thinking === undefined ? { role, content } : { role, content, thinking },
  );
  return template.render(own, generationPrompt, { variables });
}

function attempt(source: string, conversation: Asked): RenderedText | HumanError {
  try {
    return render(source, conversation);
  } catch (error) {
    if (error instanceof HumanError) return error;
    throw error;
  }
}

it('knows every published template', () => {
  expect([...published.keys()]).toEqual(Object.keys(digests));
});

describe.each([...published])('%s', (name, source) => {
  it.each(asked)('renders "%s" as Jinja2 does', (what, conversation) => {
    const got = attempt(source, conversation);
    const expected = digests[name]![what];
    const known = KNOWN[name];
    if (expected === null || known) {
      expect(got).toMatchObject({ reason: 'template-failed', next: expect.stringMatching(/^[A-Z].*\.$/) as string });
      if (known) expect((got as HumanError).message).toMatch(known);
      return;
    }
    if (got instanceof HumanError) throw got;
    const digest = createHash('sha256').update(got.text).digest('hex').slice(0, 16);
    expect(digest, got.text).toBe(expected);
  });

  it('has every content in its place', () => {
    const conversation = conversations.asked as Asked;
    const got = attempt(source, conversation);
    if (got instanceof HumanError) return;
    const found = conversation.messages.map((_, slot) =>
      got.pieces
        .filter((piece) => piece.slot === slot)
        .map(({ start, end }) => got.text.slice(start, end).trim())
        .join('|'),
    );
    expect(found).toEqual(conversation.messages.map(({ content }) => content.trim()));
  });
});

it('says of those that refuse a system prompt and an answer why, and what to change', () => {
  const rows = [...published].flatMap(([name, source]) => {
    const got = attempt(source, conversations.asked as Asked);
    return got instanceof HumanError ? [`${name}: ${got.message} ${got.next}`] : [];
  });
  console.log(`${published.size - rows.length} of ${published.size} templates render it; not:\n${rows.join('\n')}`);
  expect(rows.map((row) => row.slice(0, row.indexOf(':')))).toEqual([
    'ByteDance-Seed-OSS.jinja',
    'fireworks-ai-llama-3-firefunction-v2.jinja',
    'google-gemma-2-2b-it.jinja',
  ]);
  expect(rows[2]).toMatch(/Leave the system prompt out/);
});
