import { afterAll, describe, expect, test } from 'vitest';
import type { Board } from '../../src/core/plans/board.js';
import type { Answer } from '../../src/protocol/webview.js';
import { cellCenter } from './canvas.js';
import { closeBrowser, until } from './fakeHost.js';
import { TWO_AND_TWO } from './fixtures/expertsFiles.js';
import { answerOf, countingTurn, onPlayground, playgroundSnapshot, type PlaygroundHost } from './playgroundPage.js';

afterAll(closeBrowser);

const { planKey } = playgroundSnapshot();
const turn = countingTurn(planKey);
const crash = {
  reason: 'engine-crashed' as const,
  message: 'The engine ended by itself (signal SIGSEGV).',
  next: 'Restart the engine.',
};

const lastBoard = (host: PlaygroundHost): Board | undefined => host.requests('setBoard').at(-1)?.board;
const boards = (host: PlaygroundHost, count: number) => until(() => host.requests('setBoard').length === count);
const button = ({ page }: PlaygroundHost, name: string) => page.getByRole('button', { name, exact: true });
const answerText = ({ page }: PlaygroundHost, side: string) =>
  page.getByRole('group', { name: `Text of the ${side} answer` });

describe('switchboard', () => {
  test('a click on the heat map goes through the three states, each on the board at once', () =>
    onPlayground(async (host) => {
      const { x, y } = await cellCenter(host.page, 1, 30, { layers: 4, experts: 32 });
      const states: unknown[] = [];
      for (let i = 1; i <= 3; i++) {
        await host.page.mouse.click(x, y);
        await boards(host, i);
        states.push(lastBoard(host)?.byHand);
      }
      expect(states).toEqual([
        [{ layer: 1, expert: 30, state: 'activated' }],
        [{ layer: 1, expert: 30, state: 'deactivated' }],
        [],
      ]);
    }));

  test('Space does the same, and the list follows', () =>
    onPlayground(async (host) => {
      const { page } = host;
      await page.getByRole('application').focus();
      for (const key of ['Control+End', 'Home', 'ArrowRight', 'Space']) await page.keyboard.press(key);
      await boards(host, 1);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 0, expert: 1, state: 'activated' }]);
      const group = page.getByRole('radiogroup', { name: /^L0·E1,/ });
      expect(await group.getByRole('radio', { name: 'on: activated' }).isChecked()).toBe(true);
      expect(await page.locator('.plan-words').innerText()).toBe('toward digits +2 −2, 1 by hand');
    }));

  test('a toggle of the list is three radios, by mouse and by arrow keys', () =>
    onPlayground(async (host) => {
      const group = host.page.getByRole('radiogroup', {
        name: /^L3·E17, digits: selected by 1,219 of 1,325 tokens, 92.0 %/,
      });
      const on = group.getByRole('radio', { name: 'on: activated' });
      expect(await on.isChecked()).toBe(true);
      await on.focus();
      await host.page.keyboard.press('ArrowLeft');
      await boards(host, 1);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 3, expert: 17, state: 'neutral' }]);
      await host.page.keyboard.press('ArrowLeft');
      await boards(host, 2);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 3, expert: 17, state: 'deactivated' }]);
      await host.page.getByText('1 expert set by hand').waitFor();
      await button(host, 'Reset what was set by hand').click();
      await boards(host, 3);
      expect(lastBoard(host)).toEqual(TWO_AND_TWO);
      expect(await on.isChecked()).toBe(true);
    }));

  test('sliders, direction, mode, strength, layers and q-value set the board', () =>
    onPlayground(async (host) => {
      const { page } = host;
      await page.getByRole('slider', { name: 'Experts to activate' }).fill('5');
      await boards(host, 1);
      await page.getByRole('slider', { name: 'Experts to deactivate' }).fill('0');
      await boards(host, 2);
      await page.getByRole('radio', { name: 'words' }).click();
      await boards(host, 3);
      const choose = async (name: string, option: string) => {
        await page.getByRole('combobox', { name }).click();
        await page.getByRole('combobox', { name }).getByRole('option', { name: option }).click();
      };
      await page.getByRole('button', { name: 'all layers, any q, paper' }).click();
      await choose('Mode', 'soft: by a strength');
      await boards(host, 4);
      await page.getByRole('slider', { name: 'Strength' }).fill('2.5');
      await boards(host, 5);
      await choose('First layer', 'L2');
      await boards(host, 6);
      await choose('Largest q-value', 'at most 0.05');
      await boards(host, 7);
      expect(lastBoard(host)).toEqual({
        toward: 'b',
        on: 5,
        off: 0,
        mode: { kind: 'soft', strength: 2.5 },
        layers: [2, 3],
        maxQ: 0.05,
        byHand: [],
      });
    }));

  test('a snapshot from before a change does not move a slider back; a refused change goes back', () => {
    let answer: (value: Answer<null>) => void = () => undefined;
    return onPlayground(
      async (host) => {
        const slider = host.page.getByRole('slider', { name: 'Experts to activate' });
        await slider.fill('7');
        await boards(host, 1);
        await host.snapshot(playgroundSnapshot());
        await host.page.waitForTimeout(60);
        expect(await slider.inputValue()).toBe('7');
        answer({ error: { reason: 'plan-invalid', message: 'That does not fit.', next: 'Choose fewer.' } });
        await until(async () => (await slider.inputValue()) === '2');
        expect(await host.page.getByRole('alert').allInnerTexts()).toContain('That does not fit. Choose fewer.');
      },
      { handlers: { setBoard: () => new Promise<Answer<null>>((resolve) => (answer = resolve)) } },
    );
  });

  test('without a list experts are set by hand, and a sentence says how to get figures', () =>
    onPlayground(
      async (host) => {
        const { page } = host;
        await page.getByText('Detect experts on a prompt-pairs file').waitFor();
        expect(await page.getByRole('slider', { name: 'Experts to activate' }).isVisible()).toBe(false);
        await page.getByRole('application').focus();
        for (const key of ['Control+End', 'Home', 'Space']) await page.keyboard.press(key);
        await boards(host, 1);
        expect(await page.locator('.plan-words').innerText()).toBe('+1 −0 by hand');
      },
      { part: { list: null, lists: [] } },
    ));
});

describe('conversation', () => {
  test('Enter sends, Shift+Enter makes a line, Stop stops', () =>
    onPlayground(async (host) => {
      const { page } = host;
      const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
      await prompt.focus();
      await page.keyboard.type('one');
      await page.keyboard.press('Shift+Enter');
      await page.keyboard.type('two');
      await page.keyboard.press('Enter');
      await until(() => host.requests('send').length === 1);
      expect(host.requests('send')).toEqual([{ prompt: 'one\ntwo' }]);
      expect(await prompt.inputValue()).toBe('');
      await host.snapshot(playgroundSnapshot({ answering: turn }));
      await button(host, 'Stop').click();
      await until(() => host.requests('stop').length === 1);
    }));

  test('a prompt that could not be sent stands in the composer again', () =>
    onPlayground(
      async ({ page }) => {
        const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
        await prompt.fill('keep me');
        await page.keyboard.press('Enter');
        await page.getByText('That does not fit.').waitFor();
        expect(await prompt.inputValue()).toBe('keep me');
      },
      { handlers: { send: () => ({ error: { ...crash, message: 'That does not fit.' } }) } },
    ));

  test('scrolling up unpins, so that one can read while text arrives', () =>
    onPlayground(async (host) => {
      const long = (lines: number) => answerOf('line of text\n'.repeat(lines), { state: 'running', planKey });
      const show = (lines: number) =>
        host.snapshot(playgroundSnapshot({ answering: { ...turn, baseline: long(lines), steered: long(lines) } }));
      const top = () => host.page.evaluate<number>(`document.querySelector('.conversation').scrollTop`);
      await show(100);
      await until(async () => (await top()) > 500);
      await host.page.evaluate(`document.querySelector('.conversation').scrollTop = 100`);
      await host.page.waitForTimeout(60);
      await show(140);
      await until(async () => (await answerText(host, 'steered').innerText()).length > 1700);
      expect(await top()).toBe(100);
    }));

  test('an answer of an older plan is marked, and one click runs it again', () =>
    onPlayground(
      async (host) => {
        const marker = host.page.getByText('changed plan since this answer');
        expect(await marker.isVisible()).toBe(false);
        await host.page.getByRole('slider', { name: 'Experts to activate' }).fill('4');
        await marker.waitFor();
        await button(host, 'Run again').click();
        await until(() => host.requests('regenerate').length === 1);
        expect(host.requests('regenerate')).toEqual([{ turn: 1 }]);
        expect(host.requests('stop')).toEqual([]);
      },
      { part: { turns: [turn] } },
    ));

  test('a running answer is stopped before it is run again', () =>
    onPlayground(
      async (host) => {
        await button(host, 'Regenerate').last().click();
        await until(() => host.requests('regenerate').length === 1);
        const names = host.posted.map(({ name }) => name).filter((name) => name === 'stop' || name === 'regenerate');
        expect(names).toEqual(['stop', 'regenerate']);
      },
      { part: { turns: [turn], answering: { ...turn, id: 2 } } },
    ));

  test('a prompt is edited in place', () =>
    onPlayground(
      async (host) => {
        await button(host, 'Edit').click();
        await host.page.getByRole('textbox', { name: 'Edit the prompt' }).fill('Count down.');
        await host.page.keyboard.press('Enter');
        await until(() => host.requests('editTurn').length === 1);
        expect(host.requests('editTurn')).toEqual([{ turn: 1, prompt: 'Count down.' }]);
      },
      { part: { turns: [turn] } },
    ));

  test('copy, clear, save as pair, save and load a plan', () =>
    onPlayground(
      async (host) => {
        const { page } = host;
        await button(host, 'Copy the baseline answer').click();
        await button(host, 'Save as Prompt Pair').click();
        await button(host, 'digits = steered, words = baseline').click();
        await page.getByText('Saved as a pair in mine.pairs.jsonl.').waitFor();
        await button(host, 'Save plan').click();
        await page.getByText('Saved the plan in digits.steering.json.').waitFor();
        await page.getByRole('combobox', { name: 'Load a plan' }).click();
        await page.getByRole('option', { name: 'digits +2 −2' }).click();
        await page.getByRole('combobox', { name: 'Expert list' }).click();
        await page.getByRole('option', { name: 'refuse-or-comply' }).click();
        await button(host, 'Clear').click();
        await until(() => host.requests('clear').length === 1);
        expect(host.requests('copy')).toEqual([{ text: turn.baseline?.text }]);
        expect(host.requests('saveAsPair')).toEqual([{ turn: 1, a: 'steered' }]);
        expect(host.requests('loadPlan')).toEqual([{ uri: 'file:///w/digits.steering.json' }]);
        expect(host.requests('chooseList')).toEqual([{ uri: 'file:///w/refuse-or-comply.experts.json' }]);
      },
      { part: { turns: [turn] } },
    ));

  test('model output is text, whatever it holds', () => {
    const text = '<img src=x onerror="document.title=1"> **bold** <script>1</script>';
    return onPlayground(
      async (host) => {
        expect(await answerText(host, 'steered').innerText()).toBe(text);
        expect(await host.page.locator('img, .answer script').count()).toBe(0);
        expect(await host.page.title()).toBe('SteerMoE');
      },
      { part: { turns: [{ ...turn, prompt: text, steered: answerOf(text, { planKey, failure: null }) }] } },
    );
  });

  test('only an answer that ended is announced', () =>
    onPlayground(
      async (host) => {
        const live = host.page.locator('[aria-live=polite]');
        await host.page.waitForTimeout(60);
        expect(await live.allInnerTexts()).toEqual([]);
        await host.snapshot(playgroundSnapshot({ turns: [turn] }));
        await until(async () => (await live.allInnerTexts()).join('').includes('steered answer: 3, 4, 5'));
        expect(await live.innerText()).toContain('baseline answer: three, four');
      },
      {
        part: {
          answering: {
            ...turn,
            baseline: answerOf('three', { state: 'running' }),
            steered: answerOf('3, 4', { state: 'running', planKey }),
          },
        },
      },
    ));
});

describe('experts of a token', () => {
  test('are shown on hover, with those that the plan switches marked', () =>
    onPlayground(
      async (host) => {
        const { page } = host;
        const box = (await answerText(host, 'baseline').boundingBox())!;
        await page.mouse.move(box.x + 14, box.y + 16);
        const popup = page.locator('.token-popup');
        await popup.waitFor();
        expect(await popup.innerText()).toMatch(/^three,\s*token 1, baseline/);
        expect(await popup.locator('.popup-layer').allInnerTexts()).toHaveLength(4);
        expect(await popup.locator('.activated').allInnerTexts()).toEqual(['▲17', '▲29']);
        expect(await popup.locator('.deactivated').allInnerTexts()).toEqual(['▽4', '▽5']);
        expect(host.requests('tokenExperts')).toEqual([{ turn: 1, side: 'baseline', token: 0 }]);
        await page.keyboard.press('Escape');
        expect(await popup.isVisible()).toBe(false);
      },
      {
        part: { turns: [turn] },
        handlers: { tokenExperts: () => ({ ok: { experts: [5, 1, 2, 3, 6, 7, 8, 9, 29, 1, 2, 3, 17, 4, 1, 2] } }) },
      },
    ));

  test('are walked through by arrow keys, and announced', () =>
    onPlayground(
      async (host) => {
        const { page } = host;
        await answerText(host, 'steered').focus();
        const popup = page.locator('.token-popup');
        const shows = (start: string) => until(async () => (await popup.innerText()).startsWith(start));
        await page.keyboard.press('ArrowRight');
        await shows('3,');
        await page.keyboard.press('ArrowRight');
        await shows('␣4,');
        await until(async () =>
          (await page.locator('[aria-live=polite]').innerText()).includes(
            'Token 2, “4,”. Experts by layer. layer 0: 2',
          ),
        );
        await page.keyboard.press('End');
        await shows('␣8');
        expect(await popup.innerText()).toContain('It has not gone through the routers');
        await page.keyboard.press('Tab');
        expect(await popup.isVisible()).toBe(false);
      },
      { part: { turns: [turn] } },
    ));
});
