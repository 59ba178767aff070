import { afterAll, describe, expect, test } from 'vitest';
import { planOfBoard, type Board } from '../../src/core/plans/board.js';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import { rankExperts } from '../../src/core/statistics/rankExperts.js';
import type { ActivationsContract } from '../../src/protocol/webview.js';
import { snapshotOf } from './activationsPage.js';
import { cellCenter, pixelAt } from './canvas.js';
import { closeBrowser, until, type FakeHost } from './fakeHost.js';
import { demoLike, TWO_AND_TWO } from './fixtures/expertsFiles.js';
import { onCharts } from './onCharts.js';

type Host = FakeHost<ActivationsContract>;

const file = demoLike();
const statistics = statisticsOf(file);
const ranked = rankExperts(statistics);

afterAll(closeBrowser);

const lastBoard = (host: Host): Board | undefined => host.requests('setBoard').at(-1)?.board;

describe('heat map', () => {
  test('draws blue toward side a, orange toward side b and the neutral colour between, by the size of the difference', () =>
    onCharts(async ({ page }) => {
      const shape = { layers: 4, experts: 32 };
      const at = async (row: number, expert: number) => pixelAt(page, await cellCenter(page, row, expert, shape, -0.3));
      // The strongest of side a is the end of the scale; half-way down the scale stands half the colour.
      expect(await at(3, 17)).toBeNear([0x3f, 0xa7, 0xf0], 3);
      expect(await at(1, 11)).toBeNear(mixed([0x33, 0x35, 0x37], [0x3f, 0xa7, 0xf0], 0.4 / 0.86), 4);
      expect(await at(1, 22)).toBeNear(mixed([0x33, 0x35, 0x37], [0xf0, 0x8a, 0x3c], 0.35 / 0.86), 4);
      const little = statistics.findIndex(({ riskDifference }) => Math.abs(riskDifference) < 0.003);
      expect(await at(Math.floor(little / 32), little % 32)).toBeNear([0x33, 0x35, 0x37], 4);
    }));

  test('shows the rates of one side in its colour', () =>
    onCharts(async ({ page }) => {
      await page.getByRole('radio', { name: 'rate on words' }).click();
      const shape = { layers: 4, experts: 32 };
      const pixel = await pixelAt(page, await cellCenter(page, 0, 5, shape, -0.3));
      expect(pixel).toBeNear(mixed([0x33, 0x35, 0x37], [0xf0, 0x8a, 0x3c], 0.84 / 0.92), 4);
    }));

  test('redraws in the colours of a new theme', () =>
    onCharts(async (host) => {
      const center = await cellCenter(host.page, 3, 17, { layers: 4, experts: 32 }, -0.3);
      await host.setTheme('light');
      await until(async () => (await pixelAt(host.page, center))[0] < 20);
      expect(await pixelAt(host.page, center)).toBeNear([0x05, 0x71, 0xb0], 3);
    }));

  test('hover shows the figures of the expert', () =>
    onCharts(async ({ page }) => {
      const { x, y } = await cellCenter(page, 3, 17, { layers: 4, experts: 32 });
      await page.mouse.move(x, y);
      expect(await page.locator('.tooltip:visible').innerText()).toBe(
        'L3·E17 ▲ activated\ndigits: selected by 1,219 of 1,325 tokens, 92.0 %\n' +
          'words: selected by 70 of 1,170 tokens, 6.0 %\n' +
          'difference +0.86, 95 % interval +0.77 to +0.92\nq < 0.001, leans to digits',
      );
    }));

  test('the keyboard moves, announces and switches an expert', () =>
    onCharts(async (host) => {
      const { page } = host;
      await page.getByRole('application').focus();
      // It starts in the top layer's first expert.
      for (const key of ['ArrowDown', 'ArrowRight', 'ArrowRight']) await page.keyboard.press(key);
      await until(async () => (await page.locator('[aria-live]').innerText()).startsWith('L2·E2;'));
      await page.keyboard.press('Space');
      await until(() => lastBoard(host) !== undefined);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 2, expert: 2, state: 'activated' }]);
      await until(async () => (await page.locator('[aria-live]').innerText()).includes('▲ activated'));
      await page.keyboard.press('Enter');
      await until(() => lastBoard(host)?.byHand[0]?.state === 'deactivated');
      await page.keyboard.press('Enter');
      // Neutral is what the ranking leaves it at: nothing stays set by hand.
      await until(() => lastBoard(host)?.byHand.length === 0);
    }));

  test('a click takes back what the ranking chose, and Reset gives it back', () =>
    onCharts(async (host) => {
      const { x, y } = await cellCenter(host.page, 0, 5, { layers: 4, experts: 32 });
      await host.page.mouse.click(x, y);
      await until(() => lastBoard(host)?.byHand.length === 1);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 0, expert: 5, state: 'neutral' }]);
      await host.page.getByRole('button', { name: 'Reset what was set by hand' }).click();
      await until(() => lastBoard(host)?.byHand.length === 0);
    }));
});

describe('plan', () => {
  test('sliders, sides, q-value, layers and mode each send a whole board', () =>
    onCharts(async (host) => {
      const { page } = host;
      await page.getByRole('slider', { name: 'Experts to activate' }).fill('5');
      await until(() => lastBoard(host)?.on === 5);
      await page.getByRole('radio', { name: 'words', exact: true }).click();
      await until(() => lastBoard(host)?.toward === 'b');
      await choose(host, 'Largest q-value', 'at most 0.01');
      await until(() => lastBoard(host)?.maxQ === 0.01);
      await choose(host, 'First layer', 'L2');
      await until(() => lastBoard(host)?.layers?.[0] === 2);
      await choose(host, 'Mode', 'soft: by a strength');
      await until(() => lastBoard(host)?.mode.kind === 'soft');
      expect(lastBoard(host)).toEqual({
        ...TWO_AND_TWO,
        on: 5,
        toward: 'b',
        maxQ: 0.01,
        layers: [2, 3],
        mode: { kind: 'soft', strength: 1 },
      });
      // Toward words, what leans to words is activated; of layers 2 and 3 only E4 of layer 3 passes.
      const activated = page.locator('.bars .state[data-state=activated]');
      expect(await activated.allInnerTexts()).toEqual(['▲ on']);
      expect(await page.locator('.bars .name').first().innerText()).toBe('L3·E17');
      expect(await page.locator('.bars > li').count()).toBe(3);
    }));

  test('what the host answers late does not move a slider back', () =>
    onCharts(
      async (host) => {
        const slider = host.page.getByRole('slider', { name: 'Experts to activate' });
        await slider.fill('7');
        await host.snapshot(snapshotOf(file, { board: { ...TWO_AND_TWO, on: 3 } }));
        await slider.fill('9');
        expect(await slider.inputValue()).toBe('9');
        await until(() => lastBoard(host)?.on === 9);
      },
      {
        handlers: {
          setBoard: () =>
            new Promise((resolve) =>
              setTimeout(() => {
                resolve({ ok: null });
              }, 300),
            ),
        },
      },
    ));

  test('a board that the host refuses is put back, with its sentence', () =>
    onCharts(
      async ({ page }) => {
        const slider = page.getByRole('slider', { name: 'Experts to activate' });
        await slider.fill('7');
        await page.getByText('The plan does not fit.').waitFor();
        expect(await slider.inputValue()).toBe('2');
      },
      {
        handlers: {
          setBoard: () => ({
            error: { reason: 'plan-invalid', message: 'The plan does not fit.', next: 'Choose fewer experts.' },
          }),
        },
      },
    ));

  test('Playground, Save plan and Open as text ask the host', () =>
    onCharts(async (host) => {
      for (const name of ['Playground', 'Save plan']) await host.page.getByRole('button', { name }).click();
      await host.page.getByRole('button', { name: 'Export' }).click();
      await host.page.getByRole('menuitem', { name: 'Open as text' }).click();
      await until(() => host.posted.length === 4);
      expect(host.posted.map(({ name }) => name)).toEqual([undefined, 'openPlayground', 'savePlan', 'openAsText']);
    }));
});

describe('ranking, layers and table', () => {
  test('the ranking is by the size of the difference, with intervals', () =>
    onCharts(async ({ page }) => {
      const names = ranked.slice(0, 20).map(({ layer, expert }) => `L${layer}·E${expert}`);
      expect(await page.locator('.bars .name').allInnerTexts()).toEqual(names);
      expect(await page.locator('.bars .track').first().getAttribute('aria-label')).toBe(
        'digits: selected by 1,219 of 1,325 tokens, 92.0 %; words: selected by 70 of 1,170 tokens, 6.0 %; ' +
          'difference +0.86, 95 % interval +0.77 to +0.92; q < 0.001, leans to digits',
      );
      await page.getByRole('button', { name: 'Show more of the ranking' }).click();
      await until(async () => (await page.locator('.bars > li').count()) === 35);
    }));

  test('a row of the ranking shows its figures on hover and on focus; Escape hides them', () =>
    onCharts(async ({ page }) => {
      const tip = page.locator('.bars-box > .tooltip');
      await page.locator('.bars .track').nth(1).hover();
      expect(await tip.innerText()).toContain('L0·E5 ▽ deactivated\ndigits: selected by 133 of 1,325 tokens, 10.0 %');
      await page.mouse.move(5, 5);
      await tip.waitFor({ state: 'hidden' });
      await page.getByRole('slider', { name: 'Experts to activate' }).focus();
      await page.locator('.bars .state').first().focus();
      await page.keyboard.press('ArrowDown');
      await until(async () => (await tip.innerText()).startsWith('L0·E5'));
      await page.keyboard.press('Escape');
      await tip.waitFor({ state: 'hidden' });
    }));

  test('a press in the ranking keeps the focus', () =>
    onCharts(async (host) => {
      const state = host.page.locator('.bars .state').nth(2);
      await state.focus();
      await host.page.keyboard.press('Space');
      await until(() => lastBoard(host) !== undefined);
      expect(lastBoard(host)?.byHand).toEqual([{ layer: 2, expert: 29, state: 'deactivated' }]);
      expect(await state.evaluate(isFocused)).toBe(true);
      // One stop of the Tab key, the last that had the focus.
      expect(await host.page.locator('.bars .state[tabindex="0"]').count()).toBe(1);
      await host.page.keyboard.press('End');
      expect(await host.page.locator('.bars .state').last().evaluate(isFocused)).toBe(true);
      await host.page.keyboard.press('Tab');
      expect(await host.page.locator('.bars .state:focus').count()).toBe(0);
    }));

  test('the shares of the layers add up to one', () =>
    onCharts(async ({ page }) => {
      const shares = await page.locator('.shares .figure').allInnerTexts();
      expect(shares).toHaveLength(4);
      expect(shares.reduce((sum, text) => sum + Number.parseFloat(text), 0)).toBeCloseTo(100, 0);
    }));

  test('the table holds the data of the file, sorts, and keeps to the rows in sight', () =>
    onCharts(async (host) => {
      const { page } = host;
      await page.getByRole('tab', { name: 'Table' }).click();
      const cells = await page.locator('table.experts tbody tr[aria-rowindex="2"] td').allInnerTexts();
      expect(cells).toEqual([
        'L3',
        'E17',
        '1,219',
        '92.0 %',
        '70',
        '6.0 %',
        '+0.860',
        '+0.771',
        '+0.923',
        '< 0.0001',
        '▲ on',
      ]);
      expect(await page.locator('table.experts').getAttribute('aria-rowcount')).toBe('129');
      expect(await page.locator('table.experts tbody tr').count()).toBeLessThan(70);
      await page.getByRole('button', { name: 'Rate words' }).click();
      const highest = statistics.reduce((best, one) => (one.rateB > best.rateB ? one : best));
      const first = page.locator('table.experts tbody tr[aria-rowindex="2"] td');
      await until(async () => (await first.nth(1).innerText()) === `E${highest.expert}`);
      expect(await page.locator('th[aria-sort=descending]').innerText()).toBe('Rate words ↓');
      await page.locator('.table-scroll').evaluate((element: { scrollTop: number }) => (element.scrollTop = 1e6));
      await page.locator('table.experts tbody tr[aria-rowindex="129"]').waitFor();
      const { plan } = planOfBoard(TWO_AND_TWO, statistics, file.model);
      await page.locator('th').last().getByRole('button').click();
      await until(async () => (await page.locator('th[aria-sort]').innerText()).startsWith('Plan'));
      expect(plan.activated).toHaveLength(2);
    }));

  test('tab, sort and pair come back after a reload', () =>
    onCharts(
      async ({ page }) => {
        expect(await page.getByRole('tab', { name: 'Table' }).getAttribute('aria-selected')).toBe('true');
        expect(await page.locator('th[aria-sort=ascending]').innerText()).toBe('q-value ↑');
        await page.getByRole('tab', { name: 'Tokens' }).click();
        await page.getByText('line 8 of').waitFor();
      },
      { state: { tab: 'table', sort: { column: 'q', descending: false }, pair: 6 } },
    ));
});

async function choose({ page }: Host, name: string, option: string): Promise<void> {
  await page.getByRole('combobox', { name }).click();
  await page.getByRole('option', { name: option, exact: true }).click();
}

function mixed(from: number[], to: number[], share: number): number[] {
  return from.map((channel, i) => channel + (to[i]! - channel) * share);
}

// Runs in the page.
function isFocused(element: object): boolean {
  return element === (globalThis as unknown as { document: { activeElement: object } }).document.activeElement;
}
