import type { Page } from 'playwright-core';
import { afterAll, expect, test } from 'vitest';
import { closeBrowser } from './fakeHost.js';
import { onCharts } from './onCharts.js';
import { countingTurn, onPlayground } from './playgroundPage.js';

afterAll(closeBrowser);

const style = (page: Page, selector: string, property: string, pseudo = ''): Promise<string> =>
  page.evaluate(
    `getComputedStyle(document.querySelector(${JSON.stringify(selector)}), ${JSON.stringify(pseudo)})[${JSON.stringify(property)}]`,
  );

test('where the system forces its colours, bars keep theirs and the chosen tab is told apart', () =>
  onCharts(async ({ page }) => {
    await page.emulateMedia({ forcedColors: 'active' });
    const bar = await style(page, '.bars [data-side=a]', 'backgroundColor');
    expect(bar).toBe('rgb(63, 167, 240)');
    const line = (selected: boolean) => style(page, `[role=tab][aria-selected=${selected}]`, 'borderBottomColor');
    expect(await line(true)).not.toBe(await line(false));
  }));

test('in high contrast the legend is hatched as the cells are: toward side b', () =>
  onCharts(
    async ({ page }) => {
      const colors = await page.evaluate<number[]>(`(() => {
        const canvas = document.querySelector('.scale-key canvas');
        const of = (left) => new Set(new Uint32Array(canvas.getContext('2d').getImageData(left, 0, 8, 8).data.buffer)).size;
        return [of(0), of(canvas.width - 8)];
      })()`);
      expect(colors).toEqual([2, 1]);
    },
    { theme: 'hc-dark' },
  ));

test('a chosen switch, the caret and a running answer are told apart there too', () =>
  onPlayground(
    async ({ page }) => {
      await page.emulateMedia({ forcedColors: 'active', reducedMotion: 'reduce' });
      const label = (state: string) => style(page, `.three-state label.activated${state}`, 'backgroundColor');
      expect(await label(':has(:checked)')).not.toBe(await label(':not(:has(:checked))'));
      const caret = '.answer.running .answer-text > :last-child';
      const canvas = await style(page, 'body', 'backgroundColor');
      expect(await style(page, caret, 'backgroundColor', '::after')).not.toBe(canvas);
      expect(await style(page, caret, 'animationName', '::after')).toBe('none');
    },
    { part: { answering: countingTurn('none', { baseline: null, steered: running() }) } },
  ));

test('the caret blinks where motion is not reduced', () =>
  onPlayground(
    async ({ page }) => {
      await page.emulateMedia({ reducedMotion: 'no-preference' });
      expect(await style(page, '.answer.running .answer-text > :last-child', 'animationName', '::after')).toBe('caret');
    },
    { part: { answering: countingTurn('none', { baseline: null, steered: running() }) } },
  ));

function running() {
  return { ...countingTurn('none').steered!, state: 'running' as const, stop: null };
}
