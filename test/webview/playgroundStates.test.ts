import axe from 'axe-core';
import { afterAll, describe, expect, test } from 'vitest';
import { NEW_BOARD } from '../../src/core/plans/board.js';
import { cellCenter, pixelAt } from './canvas.js';
import { closeBrowser, until } from './fakeHost.js';
import { answerOf, countingTurn, onPlayground, playgroundSnapshot, type PlaygroundHost } from './playgroundPage.js';
import { THEMES, type ThemeName } from './themes.js';

afterAll(closeBrowser);

const { planKey } = playgroundSnapshot();
const turn = countingTurn(planKey);
const crash = {
  reason: 'engine-crashed' as const,
  message: 'The engine ended by itself (signal SIGSEGV).',
  next: 'Restart the engine.',
};

const button = ({ page }: PlaygroundHost, name: string) => page.getByRole('button', { name, exact: true });

describe('states', () => {
  test('no model: a button to choose one', () =>
    onPlayground(
      async (host) => {
        await host.page.getByText('No model is chosen').waitFor();
        await host.page.locator('.composer').getByRole('button', { name: 'Choose a model' }).click();
        await until(() => host.requests('chooseModel').length === 1);
      },
      { part: { model: null, list: null, engine: { state: 'stopped', words: '', failure: null } } },
    ));

  test('a failed engine: the sentence, the next step and its button', () =>
    onPlayground(
      async (host) => {
        const { page } = host;
        await page.locator('.composer').getByText(`${crash.message} ${crash.next}`).waitFor();
        await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('hello');
        await page.keyboard.press('Enter');
        await button(host, 'Restart engine').click();
        await until(() => host.requests('restartEngine').length === 1);
        expect(host.requests('send')).toEqual([]);
        expect(await page.locator('.answer.steered').innerText()).toContain(crash.message);
      },
      {
        part: {
          engine: { state: 'failed', words: '', failure: crash },
          turns: [{ ...turn, steered: answerOf('3', { state: 'failed', failure: crash, planKey }) }],
        },
      },
    ));

  test('what both answers failed of is said once', () => {
    const failed = (part: object) => answerOf('3', { state: 'failed', failure: crash, ...part });
    return onPlayground(
      async (host) => {
        const { page } = host;
        const sentence = page.locator('.turn').getByText(`${crash.message} ${crash.next}`).filter({ visible: true });
        await sentence.waitFor();
        expect(await sentence.count()).toBe(1);
        expect(await page.locator('.answer .state').allInnerTexts()).toEqual(['failed', 'failed']);
        // Where nothing was written there is nothing to show but the sentence.
        const empty = { text: '', tokenEnds: [] };
        const turns = [{ ...turn, baseline: failed(empty), steered: failed({ planKey, ...empty }) }];
        await host.snapshot(playgroundSnapshot({ turns }));
        await page.locator('.answers').waitFor({ state: 'hidden' });
        expect(await sentence.count()).toBe(1);
      },
      { part: { turns: [{ ...turn, baseline: failed({}), steered: failed({ planKey }) }] } },
    );
  });

  test('a loading model says so', () =>
    onPlayground(
      async ({ page }) => {
        await page.locator('.composer').getByText('loading demo, 40 %').waitFor();
      },
      { part: { engine: { state: 'loading', words: 'loading demo, 40 %', failure: null } } },
    ));

  test('settings: numbers are checked, and the sampling goes to the host', () =>
    onPlayground(async (host) => {
      const { page } = host;
      await page.getByRole('button', { name: /^Sampling/ }).click();
      const temperature = page.getByRole('spinbutton', { name: 'Temperature' });
      await temperature.fill('9');
      await temperature.press('Tab');
      await page.getByText('Temperature is a number from 0 to 5.').waitFor();
      await temperature.fill('0.7');
      await page.getByRole('textbox', { name: 'System prompt' }).fill('Be brief.');
      await page.keyboard.press('Escape');
      await until(() => host.requests('setSettings').length === 2);
      const { settings } = host.requests('setSettings').at(-1)!;
      expect([settings.sampling.temperature, settings.systemPrompt]).toEqual([0.7, 'Be brief.']);
      expect(await temperature.isVisible()).toBe(false);
      await page.getByRole('checkbox', { name: 'Compare' }).click();
      await until(() => host.requests('setSettings').length === 3);
      expect(host.requests('setSettings').at(-1)?.settings).toEqual({ ...settings, compare: false });
    }));

  test('two settings changed within one frame are both kept', () =>
    onPlayground(async (host) => {
      await host.page.evaluate(`(() => {
        for (const [field, value] of [['#field-temperature', '0.7'], ['.popover textarea', 'Be brief.']]) {
          const element = document.querySelector(field);
          element.value = value;
          element.dispatchEvent(new Event('change', { bubbles: true }));
        }
      })()`);
      await until(() => host.requests('setSettings').length === 2);
      const { settings } = host.requests('setSettings').at(-1)!;
      expect([settings.sampling.temperature, settings.systemPrompt]).toEqual([0.7, 'Be brief.']);
    }));

  test('a prompt that the host suggests is typed in once, and never over what a person wrote', () =>
    onPlayground(async (host) => {
      const prompt = host.page.getByRole('textbox', { name: 'Prompt', exact: true });
      await host.snapshot({ draft: { id: 1, prompt: 'How many legs does a spider have?' } });
      await until(() => host.requests('draftTaken').length === 1);
      expect(await prompt.inputValue()).toBe('How many legs does a spider have?');
      expect(await host.page.evaluate('window.keptState.draft')).toBe('How many legs does a spider have?');
      await prompt.fill('');
      // The same again in another snapshot, from before the host heard that it was taken.
      await host.snapshot({ settings: playgroundSnapshot().settings });
      await host.snapshot({ draft: null });
      await prompt.fill('mine');
      await host.snapshot({ draft: { id: 2, prompt: 'Another' } });
      await until(() => host.requests('draftTaken').length === 2);
      expect(await prompt.inputValue()).toBe('mine');
      await prompt.press('Enter');
      await until(() => host.requests('send').length === 1);
    }));

  test('an answer says why it ended where it was cut', () =>
    onPlayground(
      async ({ page }) => {
        expect(await page.locator('.answer.baseline footer').innerText()).toContain('cut at the token limit');
        expect(await page.locator('.answer.steered footer').innerText()).toContain('cut: the context is full');
      },
      {
        part: {
          turns: [
            {
              ...turn,
              baseline: answerOf('one, two', { stop: 'length' }),
              steered: answerOf('1, 2', { planKey, stop: 'context' }),
            },
          ],
        },
      },
    ));

  test('without saved plans there is no choice of them', () =>
    onPlayground(
      async ({ page }) => {
        expect(await page.getByRole('combobox', { name: 'Load a plan' }).isVisible()).toBe(false);
        expect(await page.getByRole('combobox', { name: 'Expert list' }).isVisible()).toBe(true);
      },
      { part: { plans: [] } },
    ));

  test('thinking can be chosen where the model can switch it, and only there', async () => {
    const { model } = playgroundSnapshot();
    await onPlayground(async ({ page }) => {
      await page.getByRole('button', { name: /^Sampling/ }).click();
      await page.getByRole('spinbutton', { name: 'Temperature' }).waitFor();
      expect(await page.getByRole('combobox', { name: 'Thinking' }).isVisible()).toBe(false);
    });
    const thinking = { variable: 'enable_thinking', modes: ['off' as const, 'on' as const] };
    await onPlayground(
      async (host) => {
        const { page } = host;
        await page.getByRole('button', { name: /^Sampling/ }).click();
        const choice = page.getByRole('combobox', { name: 'Thinking' });
        expect(await choice.textContent()).toContain('Off, as in the paper');
        await page.getByText('Switched by enable_thinking.').waitFor();
        await choice.click();
        expect(await page.getByRole('option').allTextContents()).toContain('As the model’s template does');
        await page.getByRole('option', { name: 'On', exact: true }).click();
        await until(() => host.requests('setSettings').length === 1);
        expect(host.requests('setSettings')[0]!.settings.thinking).toBe('on');
      },
      { part: { model: { ...model!, thinking } } },
    );
  });

  test('draft, edit, fold and settings survive a reload of the view', async () => {
    let state: unknown;
    const part = { turns: [turn] };
    await onPlayground(
      async (host) => {
        const { page } = host;
        await page.getByRole('textbox', { name: 'Prompt', exact: true }).fill('half a thou');
        await button(host, 'Edit').click();
        await page.getByRole('textbox', { name: 'Edit the prompt' }).fill('edited');
        await page.getByRole('button', { name: 'Switchboard' }).click();
        await page.getByRole('button', { name: /^Sampling/ }).click();
        state = await page.evaluate('window.keptState');
      },
      { part },
    );
    await onPlayground(
      async (host) => {
        const { page } = host;
        expect(await page.getByRole('textbox', { name: 'Prompt', exact: true }).inputValue()).toBe('half a thou');
        expect(await page.getByRole('textbox', { name: 'Edit the prompt' }).inputValue()).toBe('edited');
        expect(await page.getByRole('slider', { name: 'Experts to activate' }).isVisible()).toBe(false);
        expect(await page.getByRole('spinbutton', { name: 'Temperature' }).isVisible()).toBe(true);
      },
      { part, state },
    );
  });

  test('in a narrow column the switchboard is folded under the answers', () =>
    onPlayground(
      async ({ page }) => {
        const fold = page.getByRole('button', { name: 'Switchboard' });
        expect(await fold.getAttribute('aria-expanded')).toBe('false');
        const [below, above] = [await fold.boundingBox(), await page.locator('.composer').boundingBox()];
        expect(below!.y).toBeGreaterThan(above!.y);
        expect(await page.evaluate('document.documentElement.scrollWidth <= innerWidth')).toBe(true);
        await fold.click();
        await until(() => page.getByRole('application').isVisible());
      },
      { part: { turns: [turn] }, size: { width: 360, height: 800 } },
    ));
});

test('what changes while the switchboard is folded is on its heat map when it opens', () =>
  onPlayground(async (host) => {
    const { page } = host;
    // Blue by its difference, and not switched; without figures it has the colour of none.
    const color = async () => pixelAt(page, await cellCenter(page, 1, 11, { layers: 4, experts: 32 }));
    expect((await color())[2]).toBeGreaterThan(0x80);
    const fold = page.getByRole('button', { name: 'Switchboard' });
    await fold.click();
    await host.snapshot({ list: null, board: { ...NEW_BOARD, on: 0, off: 0 } });
    await page.waitForTimeout(60);
    await fold.click();
    await until(() => page.getByText('Detect experts on a prompt-pairs file').isVisible());
    expect(await color()).toBeNear([0x33, 0x35, 0x37], 3);
  }));

test.for(Object.keys(THEMES) as ThemeName[])('axe finds no serious fault in %s', (theme) =>
  onPlayground(
    async ({ page }) => {
      await page.getByRole('group', { name: 'Text of the steered answer' }).focus();
      await page.keyboard.press('ArrowRight');
      await page.locator('.token-popup').waitFor();
      await page.evaluate(axe.source);
      const { violations } = await page.evaluate<axe.AxeResults>('axe.run()');
      const serious = violations.filter(({ impact }) => impact === 'serious' || impact === 'critical');
      expect(serious.map(({ id, nodes }) => [id, nodes.map(({ html }) => html)])).toEqual([]);
    },
    {
      theme,
      state: { settingsOpen: true },
      part: {
        model: { ...playgroundSnapshot().model!, thinking: { variable: 'enable_thinking', modes: ['off', 'on'] } },
        turns: [countingTurn('paper +0.1 -')],
        dropped: ['L3·E12 is left out: layer 3 is full.'],
      },
    },
  ),
);
