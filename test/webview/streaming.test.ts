import { afterAll, expect, test } from 'vitest';
import { closeBrowser, until } from './fakeHost.js';
import { large } from './fixtures/expertsFiles.js';
import { countingTurn, onPlayground, playgroundSnapshot } from './playgroundPage.js';

afterAll(closeBrowser);

const list = { fileName: 'large.experts.json', file: large() };
const turns = Array.from({ length: 12 }, (_, i) => countingTurn('none', { id: i + 1 }));
const { planKey, model } = playgroundSnapshot({ list });

interface Figures {
  messages: number;
  frames: number;
  /** Times that the running turn was drawn. */
  drawn: number;
  /** Changes to turns that had ended, and to the switchboard. */
  elsewhere: number;
}

test('two answers of 200 tokens/s: one drawing a frame, nothing else touched, and input lives', () =>
  onPlayground(
    async (host) => {
      const { page } = host;
      // 600 messages, each a token of both answers, as fast as they come: three seconds of streaming and more a frame than one.
      const streaming: Promise<Figures> = page.evaluate(`
        new Promise((done) => {
          const side = (name) => ({ text: '', tokenEnds: [], state: 'running', stop: null, tokensPerSecond: 200,
            failure: null, planKey: name === 'steered' ? ${JSON.stringify(planKey)} : 'none', planWords: 'x' });
          const answering = { id: 99, prompt: 'Go', baseline: side('baseline'), steered: side('steered') };
          const figures = { messages: 0, frames: 0, drawn: 0, elsewhere: 0 };
          const running = () => document.querySelector('.turn:last-child');
          new MutationObserver((changes) => {
            const inRunning = ({ target }) => running().contains(target) && target !== running();
            if (figures.messages > 1 && changes.some(inRunning)) figures.drawn++;
            figures.elsewhere += changes.filter(({ target }) =>
              target.parentElement?.closest('.turn:not(:last-child), .switchboard, .top-bar')).length;
          }).observe(document.body, { subtree: true, childList: true, characterData: true, attributes: true });
          const frame = () => { figures.frames++; requestAnimationFrame(frame); };
          requestAnimationFrame(frame);
          const feed = () => {
            for (let i = 0; i < 3; i++) {
              for (const answer of [answering.baseline, answering.steered]) {
                answer.text += (figures.messages % 23 === 22 ? '\\n' : ' ') + 'word' + figures.messages;
                answer.tokenEnds.push(answer.text.length);
              }
              figures.messages++;
              window.postMessage({ kind: 'snapshot', fields: { answering } }, '*');
            }
            if (figures.messages < 600) setTimeout(feed, 4);
            else requestAnimationFrame(() => requestAnimationFrame(() => done(figures)));
          };
          feed();
        })`);
      const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
      await prompt.pressSequentially('typed meanwhile');
      const figures = await streaming;
      console.log(`${figures.messages} messages: ${figures.drawn} drawings in ${figures.frames} frames`);
      expect(figures.messages).toBe(600);
      expect(figures.drawn).toBeGreaterThan(0);
      expect(figures.drawn).toBeLessThanOrEqual(figures.frames);
      expect(figures.elsewhere).toBe(0);
      expect(await prompt.inputValue()).toBe('typed meanwhile');
      await until(async () => {
        const text = await page.getByRole('group', { name: 'Text of the steered answer' }).last().innerText();
        return text.endsWith('word599');
      });
      const below = `(() => { const c = document.querySelector('.conversation');
        return c.scrollHeight - c.clientHeight - c.scrollTop; })()`;
      expect(await page.evaluate(below)).toBeLessThan(2);
      // No element a token, and no more text nodes than blocks.
      expect(await page.locator('.answer.running').count()).toBe(2);
      expect(await page.locator('.answer.running .answer-text *').count()).toBeLessThan(20);
      // A slider set while answers stream is not put back.
      await page.getByRole('slider', { name: 'Experts to activate' }).fill('7');
      await until(() => host.requests('setBoard').at(-1)?.board.on === 7);
    },
    { part: { list, model, turns } },
  ));
