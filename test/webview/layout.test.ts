import type { Page } from 'playwright-core';
import { afterAll, describe, expect, test } from 'vitest';
import { NEW_BOARD } from '../../src/core/plans/board.js';
import { openCharts } from './activationsPage.js';
import { seriousViolations } from './axe.js';
import { closeBrowser, until } from './fakeHost.js';
import { large } from './fixtures/expertsFiles.js';
import { onCharts } from './onCharts.js';
import { countingTurn, onPlayground, openPlayground } from './playgroundPage.js';

afterAll(closeBrowser);

const WIDTHS = [300, 500, 800, 1200, 1600];

/** Elements that stick out of the window to the right, apart from those in a box that scrolls. */
const cutOff = (page: Page): Promise<string[]> =>
  page.evaluate(`[...document.querySelectorAll('body *')]
    .filter((element) => element.checkVisibility() && !element.closest('.table-scroll, .tooltip, .unseen'))
    .filter((element) => element.getBoundingClientRect().right > innerWidth + 1 && element.getBoundingClientRect().width > 0)
    .map((element) => element.outerHTML.slice(0, 120))`);

/** A chart follows its box a frame later. */
const fits = (page: Page): Promise<void> => expect.poll(() => cutOff(page), { timeout: 5_000 }).toEqual([]);

/** What the map's picture measures and the box that it stands in. */
const mapSize = (page: Page): Promise<{ picture: number; box: number }> =>
  page.evaluate(`(() => {
    const canvas = document.querySelector('canvas[role=application]');
    const width = (element) => Math.round(element.getBoundingClientRect().width);
    return { picture: width(canvas), box: width(canvas.closest('.expert-grid')) };
  })()`);

describe('the charts', () => {
  test('follow their column when it narrows and widens', () =>
    onCharts(async ({ page }) => {
      for (const width of [400, 1400, 950, 320]) {
        await page.setViewportSize({ width, height: 800 });
        await until(async () => {
          const { picture, box } = await mapSize(page);
          return picture === box && box < width;
        });
        await fits(page);
      }
    }));

  test.each(WIDTHS)('fit %i pixels in every tab', (width) =>
    onCharts(
      async ({ page }) => {
        for (const tab of ['Charts', 'Tokens', 'Table']) {
          await page.getByRole('tab', { name: tab }).click();
          await fits(page);
        }
        await page.getByRole('button', { name: 'Export' }).click();
        const menu = (await page.getByRole('menu').boundingBox())!;
        expect(menu.x).toBeGreaterThanOrEqual(0);
        expect(menu.x + menu.width).toBeLessThanOrEqual(width);
      },
      { size: { width, height: 800 }, file: large() },
    ),
  );

  test('show map, ranking and tabs at a glance in a wide editor', () =>
    onCharts(
      async ({ page }) => {
        const map = (await page.getByRole('application').boundingBox())!;
        const bar = (await page.locator('.bars .track').nth(9).boundingBox())!;
        expect(bar.x).toBeGreaterThan(map.x + map.width);
        expect(Math.max(map.y + map.height, bar.y)).toBeLessThan(800);
        expect(bar.width).toBeGreaterThan(180);
        await page.getByRole('tab', { name: 'Tokens' }).click();
        expect((await page.locator('.token').first().boundingBox())!.y).toBeLessThan(800);
        expect(await page.getByRole('application').isVisible()).toBe(true);
      },
      { size: { width: 1200, height: 800 }, file: large(), part: { board: { ...NEW_BOARD, on: 2, off: 2 } } },
    ));

  test('show tokens above the heat map where there is room for one of them', () =>
    onCharts(
      async ({ page }) => {
        const tall = (await page.getByRole('application').boundingBox())!.height;
        expect(tall).toBeLessThan(420);
        await page.getByRole('tab', { name: 'Tokens' }).click();
        expect((await page.locator('.token').last().boundingBox())!.y).toBeLessThan(800);
        const map = (await page.getByRole('application').boundingBox())!;
        expect(map.y).toBeGreaterThan((await page.locator('.token').last().boundingBox())!.y);
        await page.setViewportSize({ width: 700, height: 800 });
        await until(async () => (await page.getByRole('application').boundingBox())!.height > tall);
      },
      { size: { width: 320, height: 800 }, file: large() },
    ));

  test('fold the filter and the mode in a narrow column, and say what they are', () =>
    onCharts(
      async ({ page }) => {
        const fold = page.getByRole('button', { name: 'all layers, any q, paper' });
        expect(await page.getByRole('combobox', { name: 'Mode' }).isVisible()).toBe(false);
        await fold.click();
        expect(await fold.getAttribute('aria-expanded')).toBe('true');
        expect(await page.getByRole('combobox', { name: 'Mode' }).isVisible()).toBe(true);
        const map = (await page.getByRole('application').boundingBox())!;
        await fold.click();
        expect((await page.getByRole('application').boundingBox())!.y).toBeLessThan(Math.min(430, map.y));
      },
      { size: { width: 320, height: 800 } },
    ));

  test.each([300, 1600])('have no serious fault for axe at %i pixels', async (width) => {
    for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
      const { page, close } = await openCharts({ theme, size: { width, height: 800 } });
      for (const tab of ['Charts', 'Tokens', 'Table']) {
        await page.getByRole('tab', { name: tab }).click();
        expect(await seriousViolations(page)).toEqual([]);
      }
      await page.getByRole('button', { name: 'Export' }).click();
      expect(await seriousViolations(page)).toEqual([]);
      await close();
    }
  });
});

describe('the playground', () => {
  const turns = [countingTurn('paper +0.1 -')];

  test.each(WIDTHS)('fits %i pixels, switchboard and settings open', (width) =>
    onPlayground(
      async ({ page }) => {
        await fits(page);
        const prompt = page.getByRole('textbox', { name: 'Prompt', exact: true });
        expect((await prompt.boundingBox())!.width).toBeGreaterThan(170);
        expect((await page.locator('.top-bar').boundingBox())!.height).toBeLessThan(130);
        if (width <= 720) await page.getByRole('button', { name: 'Switchboard' }).click();
        await until(() => page.getByRole('application').isVisible());
        await fits(page);
        await page.getByRole('button', { name: 'all layers, any q, paper' }).click();
        await fits(page);
        await page.getByRole('button', { name: /^Sampling/ }).click();
        const settings = (await page.getByRole('dialog').boundingBox())!;
        expect(settings.x).toBeGreaterThanOrEqual(0);
        expect(settings.x + settings.width).toBeLessThanOrEqual(width);
      },
      { size: { width, height: 800 }, part: { turns } },
    ),
  );

  test('its heat map follows the column', () =>
    onPlayground(
      async ({ page }) => {
        for (const width of [760, 1500, 900]) {
          await page.setViewportSize({ width, height: 800 });
          await until(async () => {
            const { picture, box } = await mapSize(page);
            return picture === box && box < width / 2;
          });
          await fits(page);
        }
      },
      { part: { turns } },
    ));

  test.each([300, 1600])('has no serious fault for axe at %i pixels', async (width) => {
    for (const theme of ['light', 'dark', 'hc-dark', 'hc-light'] as const) {
      const { page, close } = await openPlayground({ theme, size: { width, height: 800 }, part: { turns } });
      if (width <= 720) await page.getByRole('button', { name: 'Switchboard' }).click();
      await page.getByRole('button', { name: 'all layers, any q, paper' }).click();
      expect(await seriousViolations(page)).toEqual([]);
      await page.getByRole('button', { name: /^Sampling/ }).click();
      expect(await seriousViolations(page)).toEqual([]);
      await close();
    }
  });
});
