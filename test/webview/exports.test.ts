import { parse } from 'csv-parse/sync';
import { afterAll, expect, test } from 'vitest';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import { closeBrowser, until } from './fakeHost.js';
import { demoLike } from './fixtures/expertsFiles.js';
import { onCharts } from './onCharts.js';

afterAll(closeBrowser);

const file = demoLike();

test('CSV has every expert with its figures and its place in the plan', () =>
  onCharts(async ({ page, requests }) => {
    await page.getByRole('button', { name: 'Export as CSV' }).click();
    await until(() => requests('export').length === 1);
    const [{ format, data } = { format: '', data: '' }] = requests('export');
    expect(format).toBe('csv');
    const rows: Record<string, string>[] = parse(data, { columns: true });
    expect(rows).toHaveLength(128);
    const statistics = statisticsOf(file);
    rows.forEach((row, i) => {
      const { layer, expert, a, b, riskDifference, q } = statistics[i]!;
      expect([row['layer'], row['expert'], row['selected_a'], row['selected_b']]).toEqual(
        [layer, expert, a, b].map(String),
      );
      expect(Number(row['risk_difference'])).toBeCloseTo(riskDifference, 9);
      expect(Number(row['q'])).toBe(q);
    });
    const chosen = rows
      .filter(({ state }) => state !== 'neutral')
      .map(({ layer, expert, state }) => [layer, expert, state]);
    expect(chosen).toEqual([
      ['0', '5', 'deactivated'],
      ['2', '29', 'activated'],
      ['3', '4', 'deactivated'],
      ['3', '17', 'activated'],
    ]);
    await until(async () => (await page.locator('[aria-live]').innerText()) === 'The export was saved as chart.csv.');
  }));

test('SVG is well-formed, a rectangle a cell; PNG is a picture', () =>
  onCharts(async ({ page, requests }) => {
    for (const format of ['SVG', 'PNG']) await page.getByRole('button', { name: `Export as ${format}` }).click();
    await until(() => requests('export').length === 2);
    const [svg, png] = requests('export').map(({ data }) => data);
    const read = `(() => {
      const read = new DOMParser().parseFromString(${JSON.stringify(svg)}, 'image/svg+xml');
      const fill = [...read.querySelectorAll('rect')].find((rect) => rect.textContent.startsWith('L3·E17')).getAttribute('fill');
      return [read.querySelectorAll('parsererror').length, read.querySelectorAll('rect > title').length, fill];
    })()`;
    expect(await page.evaluate(read)).toEqual([0, 128, 'rgb(63, 167, 240)']);
    const bytes = Buffer.from(png ?? '', 'base64');
    expect(bytes.subarray(0, 8).toString('hex')).toBe('89504e470d0a1a0a');
    expect(bytes.length).toBeGreaterThan(3000);
  }));

test('an export that fails says so', () =>
  onCharts(
    async ({ page }) => {
      await page.getByRole('button', { name: 'Export as CSV' }).click();
      await page.getByText('The disk is full.').waitFor();
    },
    {
      handlers: {
        export: () => ({ error: { reason: 'write-failed', message: 'The disk is full.', next: 'Make room.' } }),
      },
    },
  ));
