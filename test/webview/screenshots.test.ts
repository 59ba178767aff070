import { afterAll, test } from 'vitest';
import { openCharts } from './activationsPage.js';
import { closeBrowser } from './fakeHost.js';
import { large } from './fixtures/expertsFiles.js';
import { THEMES, type ThemeName } from './themes.js';

const artifacts = 'test/webview/artifacts';

afterAll(closeBrowser);

test.for(Object.keys(THEMES) as ThemeName[])('pictures of the charts in %s', async (theme) => {
  const host = await openCharts({ theme, size: { width: 1200, height: 1000 } });
  const { page } = host;
  await page.getByRole('tab', { name: 'Tokens' }).click();
  await page.locator('.token').first().click();
  await page.locator('canvas[role=application]').focus();
  await page.keyboard.press('ArrowRight');
  await page.screenshot({ path: `${artifacts}/charts-${theme}.png`, fullPage: true });
  await page.getByRole('tab', { name: 'Table' }).click();
  await page.screenshot({ path: `${artifacts}/table-${theme}.png` });
  await host.close();
});

test('pictures of a large list and of a narrow column', async () => {
  const wide = await openCharts({ file: large(), theme: 'light', size: { width: 1400, height: 1000 } });
  await wide.page.screenshot({ path: `${artifacts}/charts-large.png`, fullPage: true });
  await wide.close();
  const narrow = await openCharts({ theme: 'dark', size: { width: 400, height: 900 } });
  await narrow.page.screenshot({ path: `${artifacts}/charts-narrow.png`, fullPage: true });
  await narrow.close();
});
