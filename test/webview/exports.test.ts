import { parse } from 'csv-parse/sync';
import { afterAll, expect, test } from 'vitest';
import { statisticsOf } from '../../src/core/statistics/statisticsOf.js';
import { chooseExport } from './activationsPage.js';
import { closeBrowser, until } from './fakeHost.js';
import { demoLike } from './fixtures/expertsFiles.js';
import { onCharts } from './onCharts.js';

afterAll(closeBrowser);

const file = demoLike();

test('CSV has every expert with its figures and its place in the plan', () =>
  onCharts(async (host) => {
    const { page, requests } = host;
    await chooseExport(host, 'All experts as CSV');
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
  onCharts(async (host) => {
    const { page, requests } = host;
    for (const format of ['SVG', 'PNG']) await chooseExport(host, `Heat map as ${format}`);
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
    // Twice 1200 wide; 4 layers' 160 high, a line above and one below.
    expect([bytes.readUInt32BE(16), bytes.readUInt32BE(20)]).toEqual([2400, 2 * (160 + 24 + 24)]);
    expect(svg).toContain('words −0.86 to digits +0.86; ▲ activated, ▽ deactivated');
  }));

test('PNG has the heat map where the table is shown, and its scale below', () =>
  onCharts(
    async (host) => {
      await chooseExport(host, 'Heat map as PNG');
      await until(() => host.requests('export').length === 1);
      const picture = JSON.stringify(`data:image/png;base64,${host.requests('export')[0]!.data}`);
      // Pixels of the two sides' colours: in the map, and in the scale's last line.
      const counts = await host.page.evaluate<number[]>(`(async () => {
        const bytes = Uint8Array.from(atob(${picture}.split(',')[1]), (c) => c.charCodeAt(0));
        const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
        const canvas = new OffscreenCanvas(image.width, image.height);
        const ctx = canvas.getContext('2d');
        ctx.drawImage(image, 0, 0);
        const count = (top, height) => {
          const { data } = ctx.getImageData(0, top, image.width, height);
          let [a, b] = [0, 0];
          for (let i = 0; i < data.length; i += 4) {
            if (data[i] < 80 && data[i + 2] > 200) a++;
            if (data[i] > 200 && data[i + 2] < 80) b++;
          }
          return [a, b];
        };
        return [...count(48, image.height - 96), ...count(image.height - 48, 48)];
      })()`);
      for (const count of counts) expect(count).toBeGreaterThan(100);
    },
    { state: { tab: 'table' } },
  ));

test('an export that fails says so', () =>
  onCharts(
    async (host) => {
      await chooseExport(host, 'All experts as CSV');
      await host.page.getByText('The disk is full.').waitFor();
    },
    {
      handlers: {
        export: () => ({ error: { reason: 'write-failed', message: 'The disk is full.', next: 'Make room.' } }),
      },
    },
  ));

test('the selected experts are copied in rank order, tab-separated', () =>
  onCharts(async (host) => {
    await chooseExport(host, 'Copy the selected experts');
    await until(async () => (await host.page.locator('[aria-live]').innerText()) === '4 experts copied.');
    const [head, ...lines] = host.requests('copy')[0]!.text.trimEnd().split('\n');
    expect(head).toBe('expert\tstate\tdigits of 1325\twords of 1170\tdifference\t95 % from\tto\tq');
    expect(lines.map((line) => line.split('\t').slice(0, 5))).toEqual([
      ['L3·E17', 'activated', '1219', '70', '0.8602'],
      ['L0·E5', 'deactivated', '133', '983', '-0.7398'],
      ['L2·E29', 'activated', '1034', '164', '0.6402'],
      ['L3·E4', 'deactivated', '66', '702', '-0.5502'],
    ]);
  }));

test('the menu is walked by keys, and Escape gives the focus back', () =>
  onCharts(async ({ page, requests }) => {
    const button = page.getByRole('button', { name: 'Export' });
    await button.focus();
    await page.keyboard.press('ArrowDown');
    const focused = () => page.evaluate<string>('document.activeElement.textContent');
    expect(await focused()).toBe('Heat map as PNG…');
    await page.keyboard.press('ArrowUp');
    expect(await focused()).toBe('Open as text');
    await page.keyboard.press('Home');
    await page.keyboard.press('ArrowDown');
    expect(await focused()).toBe('Heat map as SVG…');
    await page.keyboard.press('Escape');
    expect(await button.evaluate(isFocused)).toBe(true);
    expect(await button.getAttribute('aria-expanded')).toBe('false');
    await page.keyboard.press('Enter');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await until(() => requests('openAsText').length === 1);
  }));

// Runs in the page.
function isFocused(element: object): boolean {
  return element === (globalThis as unknown as { document: { activeElement: object } }).document.activeElement;
}
