import { runInNewContext } from 'node:vm';
import { expect, it } from 'vitest';
import { pageOf } from '../../../src/host/panel/pageOf.js';

const page = (script: string): string =>
  pageOf({ title: 'Playground', language: 'en', script, style: 'body { margin: 0; }', nonce: 'once' });

/** What an HTML parser takes for the script: up to the first end tag. */
const scriptIn = (html: string): string => /<script nonce="once">([\s\S]*?)<\/script/i.exec(html)![1]!;

it('is one piece: it may load nothing, and runs one script and one style sheet, known by the nonce', () => {
  const html = page('start()');
  const policy = /Content-Security-Policy" content="([^"]*)"/.exec(html)![1]!;
  expect(policy).toBe("default-src 'none'; script-src 'nonce-once'; style-src 'nonce-once'; img-src data: blob:");
  expect(html).not.toMatch(/\s(src|href)=/);
  expect(html.match(/<(script|style)\b[^>]*>/g)).toEqual(['<style nonce="once">', '<script nonce="once">']);
});

it('keeps a script whole that has tags and comments of HTML in it', () => {
  const script = [
    "const x = 'a</script><script>b<!--c';",
    'const t = `<!--${x}-->`;',
    'const r = /<!--|<\\/SCRIPT>/.test(t);',
    'result = [x, t, r];',
  ].join('\n');
  const context: { result?: unknown } = {};
  runInNewContext(scriptIn(page(script)), context);
  const x = 'a</script><script>b<!--c';
  expect(context.result).toEqual([x, `<!--${x}-->`, true]);
  expect(scriptIn(page(script))).not.toContain('<!--');
});
