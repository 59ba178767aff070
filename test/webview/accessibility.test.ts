import { afterAll, describe, expect, test } from 'vitest';
import { openCharts, snapshotOf } from './activationsPage.js';
import { closeBrowser } from './fakeHost.js';
import { demoLike } from './fixtures/expertsFiles.js';
import { seriousViolations } from './axe.js';
import { THEMES, type ThemeName } from './themes.js';

afterAll(closeBrowser);

describe.each(Object.keys(THEMES) as ThemeName[])('in %s', (theme) => {
  test('charts, table, tokens and failures have no serious violation', async () => {
    const host = await openCharts({
      theme,
      part: { board: { ...snapshotOf(demoLike()).board, mode: { kind: 'soft', strength: 2 } } },
    });
    const { page } = host;
    await page.getByRole('tab', { name: 'Tokens' }).click();
    await page.locator('.token').nth(2).click();
    expect(await seriousViolations(page)).toEqual([]);
    await page.getByRole('tab', { name: 'Table' }).click();
    expect(await seriousViolations(page)).toEqual([]);
    const failure = {
      reason: 'file-invalid',
      message: 'This file is not a list of experts.',
      next: 'Detect again.',
    } as const;
    await host.snapshot({ ...snapshotOf(demoLike()), content: { failure } });
    await page.getByText(failure.message).waitFor();
    expect(await seriousViolations(page)).toEqual([]);
    await host.close();
  });
});
