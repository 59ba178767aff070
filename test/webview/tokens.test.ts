import { afterAll, expect, test } from 'vitest';
import { firedOn, pieces } from '../../webview/activations/tokenTint.js';
import { expertList, listView } from '../../webview/activations/listView.js';
import type { TokenRow } from '../../src/protocol/webview.js';
import { cellCenter, pixelAt } from './canvas.js';
import { closeBrowser, until } from './fakeHost.js';
import { demoLike, TWO_AND_TWO } from './fixtures/expertsFiles.js';
import { pairTokens } from './fixtures/pairTokens.js';
import { onCharts } from './onCharts.js';

const file = demoLike();

afterAll(closeBrowser);

test('a pair is shown as text, each target token with its activated minus deactivated experts', () =>
  onCharts(async ({ page, requests }) => {
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.locator('.token').first().waitFor();
    expect(requests('showPair')).toEqual([{ pair: 0 }]);
    const { sides } = pairTokens(file, 0);
    const shown = await page.locator('.conversation').allTextContents();
    expect(shown.map((text) => text.replaceAll('⏎', ''))).toEqual([sides.a.text, sides.b.text]);
    const view = listView(expertList(file), TWO_AND_TWO);
    const nets = await page
      .locator('.conversation')
      .first()
      .locator('.token')
      .evaluateAll((tokens: { dataset: Record<string, string> }[]) =>
        tokens.map(({ dataset }) => Number(dataset['net'])),
      );
    expect(nets).toEqual(firedOn(sides.a, view).map(({ activated, deactivated }) => activated - deactivated));
    expect(Math.max(...nets)).toBeGreaterThan(0);
    const strongest = page
      .locator('.conversation')
      .first()
      .locator(`[data-net="${Math.max(...nets)}"]`)
      .first();
    // The end of the scale, nine tenths over the background.
    expect(await strongest.evaluate(background)).toBe('rgb(60, 153, 219)');
    expect(await strongest.getAttribute('aria-label')).toMatch(/^ ?\d: \d activated, 0 deactivated$/);
    const other = page.locator('.conversation').last().locator('[data-sign=less]').first();
    expect(await other.evaluate(background)).toMatch(/^rgb\((\d+), (\d+), (\d+)\)$/);
  }));

test('a token opens its experts by key and click, and a press on one of them switches it', () =>
  onCharts(async ({ page, requests }) => {
    await page.getByRole('tab', { name: 'Tokens' }).click();
    const first = page.locator('.conversation').first();
    await first.locator('.token').first().focus();
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('ArrowRight');
    await page.keyboard.press('Enter');
    const { sides } = pairTokens(file, 0);
    const top = sides.a.experts.slice(2 * 16 + 12, 2 * 16 + 16);
    const row = page.locator('.token-experts > div').first();
    expect(await row.locator('.name').innerText()).toBe('L3');
    const words = await row.locator('button').allInnerTexts();
    expect(words.map((text) => Number(/^E(\d+)/.exec(text)?.[1]))).toEqual(top);
    await row.locator('button').last().click();
    await until(() => requests('setBoard').length === 1);
    expect(requests('setBoard')[0]?.board.byHand).toHaveLength(1);
    // A dot in the corner of each of its cells, here of an expert that no plan switches.
    const [expert] = sides.a.experts.slice(2 * 16, 2 * 16 + 4).filter((id) => ![5].includes(id));
    const shape = { layers: 4, experts: 32 };
    const corner = await cellCenter(page, 0, expert!, shape);
    const cell = { x: corner.x + 7, y: corner.y - 10 };
    expect(Math.min(...(await pixelAt(page, cell)))).toBeGreaterThan(200);
    await page.keyboard.press('Tab');
    await first.locator('.token').nth(2).click();
    await until(() => page.locator('.opened-token').isHidden());
  }));

test('the experts of a token are one stop of the Tab key, and keep the focus when one is switched', () =>
  onCharts(async ({ page, requests }) => {
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.locator('.token').nth(2).click();
    const chips = page.locator('.chip');
    expect(await page.locator('.chip[tabindex="0"]').count()).toBe(1);
    await chips.first().focus();
    for (const key of ['ArrowDown', 'ArrowRight']) await page.keyboard.press(key);
    const name = await page.locator('.chip:focus').getAttribute('aria-label');
    expect(name).toBe(await chips.nth(5).getAttribute('aria-label'));
    expect(name).toMatch(/^L2·E/);
    expect(await page.locator('.opened-token > .tooltip').innerText()).toContain('of 1,325 tokens');
    await page.keyboard.press('Space');
    await until(() => requests('setBoard').length === 1);
    await until(async () => (await page.locator('.chip:focus').getAttribute('aria-label')) !== name);
    expect((await page.locator('.chip:focus').getAttribute('aria-label'))?.split(' ')[0]).toBe(name?.split(' ')[0]);
  }));

test('< and > and the number go from pair to pair; leaving one unfinished tells the host', () => {
  const answers: Record<number, number> = { 0: 0, 1: 60_000, 98: 0 };
  return onCharts(
    async (host) => {
      const { page } = host;
      await page.getByRole('tab', { name: 'Tokens' }).click();
      await page.getByText('line 2 of').waitFor();
      await page.getByRole('button', { name: 'Next pair' }).click();
      await page.getByText('Running pair 2 through demo…').waitFor();
      const number = page.getByRole('textbox', { name: 'Pair number' });
      await number.fill('99');
      await number.press('Enter');
      await page.getByText('line 100 of').waitFor();
      expect(host.requests('showPair').map(({ pair }) => pair)).toEqual([0, 1, 98]);
      expect(host.posted.filter(({ kind }) => kind === 'abort')).toEqual([{ kind: 'abort', id: 2 }]);
    },
    {
      handlers: {
        showPair: async ({ pair }) => {
          if (answers[pair]) await new Promise(() => undefined);
          return { ok: pairTokens(file, pair) };
        },
      },
    },
  );
});

test('a list that was detected anew forgets the tokens of before and runs the pair again', () =>
  onCharts(async (host) => {
    await host.page.getByRole('tab', { name: 'Tokens' }).click();
    await host.page.locator('.token').nth(2).click();
    await host.page.locator('.opened-token').waitFor();
    await host.snapshot({ content: { file: { ...file, tokens: { a: 2000, b: 2000 } } } });
    await until(() => host.requests('showPair').length === 2);
    await host.page.locator('.token').first().waitFor();
    expect(await host.page.locator('.opened-token').isHidden()).toBe(true);
  }));

test('cancel ends the wait, a failure stands with its next step and can be tried again', () => {
  let times = 0;
  return onCharts(
    async ({ page, posted }) => {
      await page.getByRole('tab', { name: 'Tokens' }).click();
      await page.getByRole('button', { name: 'Cancel' }).click();
      await until(() => posted.some(({ kind }) => kind === 'abort'));
      await page.getByRole('button', { name: 'Show tokens' }).click();
      await page.getByText('The model file is gone.').waitFor();
      await page.getByText('Choose another model.').waitFor();
      await page.getByRole('button', { name: 'Try again' }).click();
      await page.locator('.token').first().waitFor();
      expect(await page.getByText('The model file is gone.').isHidden()).toBe(true);
    },
    {
      handlers: {
        showPair: async ({ pair }) => {
          times++;
          if (times === 1) await new Promise(() => undefined);
          return times === 2
            ? { error: { reason: 'model-missing', message: 'The model file is gone.', next: 'Choose another model.' } }
            : { ok: pairTokens(file, pair) };
        },
      },
    },
  );
});

test('says what is missing: another model, no model, no pairs file', async () => {
  for (const [part, sentence] of [
    [{ engine: 'other-model' }, 'Another model is loaded. This list was made for demo; showing a pair loads that one.'],
    [{ engine: 'no-model' }, 'No model is loaded. Showing a pair loads demo.'],
    [{ pairs: 0 }, 'The pairs file digits-or-words.pairs.jsonl is not there any more.'],
  ] as const)
    await onCharts(
      async ({ page }) => {
        await page.getByRole('tab', { name: 'Tokens' }).click();
        await page.getByText(sentence).waitFor();
        expect(await page.getByRole('button', { name: 'Show tokens' }).isVisible()).toBe(!('pairs' in part));
      },
      { part },
    );
});

test('damaged tokens are refused with a sentence', () =>
  onCharts(
    async ({ page }) => {
      await page.getByRole('tab', { name: 'Tokens' }).click();
      await page.getByText('The tokens came damaged.').waitFor();
    },
    {
      handlers: {
        showPair: ({ pair }) => {
          const tokens = pairTokens(file, pair);
          tokens.sides.a.experts.pop();
          return { ok: tokens };
        },
      },
    },
  ));

test('tokens that share a character show it once, one without a character of its own is empty', () => {
  const row: TokenRow = {
    text: 'a 😀!',
    start: [0, 1, 2, 2, 4],
    end: [1, 2, 4, 4, 5],
    target: { from: 1, to: 5 },
    experts: [],
  };
  expect(pieces(row)).toEqual([
    { text: 'a', target: null },
    { text: ' ', target: 0 },
    { text: '😀', target: 1 },
    { text: '', target: 2 },
    { text: '!', target: 3 },
  ]);
});

// Runs in the page.
function background(element: object): string {
  const page = globalThis as unknown as { getComputedStyle(element: object): { backgroundColor: string } };
  return page.getComputedStyle(element).backgroundColor;
}
