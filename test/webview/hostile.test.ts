import { afterAll, expect, test } from 'vitest';
import { NEW_BOARD } from '../../src/core/plans/board.js';
import type { ActivationsContract } from '../../src/protocol/webview.js';
import { chooseExport, openCharts, snapshotOf } from './activationsPage.js';
import { closeBrowser, openWebview, until } from './fakeHost.js';
import { demoLike } from './fixtures/expertsFiles.js';
import { pairTokens } from './fixtures/pairTokens.js';
import { onCharts } from './onCharts.js';

afterAll(closeBrowser);

const EVIL = '<img src=x onerror="window.broken=1"><script>window.broken=1</script>';

test('a file that cannot be read stands as its sentence, its next step and Open as text', async () => {
  const host = await openWebview<ActivationsContract>('activations', {
    handlers: { openAsText: () => ({ ok: null }) },
  });
  const failure = {
    reason: 'file-newer',
    message: 'This list of experts was made by a newer SteerMoE.',
    next: 'Update the extension.',
  } as const;
  const reading = host.page.getByText('Reading the list of experts…');
  await host.snapshot({ ...snapshotOf(demoLike()), content: null });
  await reading.waitFor();
  await host.snapshot({ content: { failure } });
  await host.page.getByText(failure.message).waitFor();
  expect(await reading.isHidden()).toBe(true);
  await host.page.getByText(failure.next).waitFor();
  await host.page.getByRole('button', { name: 'Open as text' }).click();
  await until(() => host.requests('openAsText').length === 1);
  expect(await host.page.locator('.charts').isHidden()).toBe(true);
  // It was put right: the charts come by themselves.
  await host.snapshot(snapshotOf(demoLike()));
  await host.page.getByRole('application').waitFor();
  expect(await host.page.getByText(failure.message).isHidden()).toBe(true);
  await host.close();
});

test('text of files and models is never markup', () => {
  const file = { ...demoLike(), name: EVIL, labels: { a: `${EVIL}a`, b: `${EVIL}b` } };
  file.model = { ...file.model, name: EVIL };
  file.pairs = { ...file.pairs, file: EVIL };
  return onCharts(
    async (host) => {
      const { page } = host;
      await page.getByRole('tab', { name: 'Tokens' }).click();
      await page.locator('.token').nth(3).click();
      await page.getByRole('application').focus();
      await page.keyboard.press('ArrowRight');
      await page.getByRole('tab', { name: 'Table' }).click();
      await chooseExport(host, 'Heat map as SVG');
      await until(() => host.requests('export').length === 1);
      expect(await page.locator('h1').innerText()).toBe(EVIL);
      expect(await page.locator('main img, main script').count()).toBe(0);
      expect(await page.evaluate('window.broken')).toBeUndefined();
      expect(host.requests('export')[0]?.data).not.toMatch(/<img|<script/);
    },
    { file, handlers: { showPair: ({ pair }) => ({ ok: pairTokens(file, pair, { a: EVIL, b: EVIL }) }) } },
  );
});

test('messages that do not fit the protocol are ignored', () =>
  onCharts(async (host) => {
    const good = snapshotOf(demoLike());
    const broken: unknown[] = [
      null,
      'snapshot',
      { kind: 'snapshot' },
      { kind: 'snapshot', snapshot: good },
      { kind: 'snapshot', fields: { content: 7 } },
      { kind: 'snapshot', fields: { ...good, board: { ...NEW_BOARD, toward: 'c' } } },
      { kind: 'snapshot', fields: { ...good, engine: 'warm' } },
      { kind: 'snapshot', fields: { ...good, content: { file: { ...demoLike(), counts: { a: [1], b: [2] } } } } },
      { kind: 'snapshot', fields: { ...good, content: { failure: 'no' } } },
      { kind: 'answer', id: 'one', answer: { ok: null } },
      { kind: 'answer', id: 99, answer: { ok: null } },
      { kind: 'answer', id: 1, answer: 7 },
      { kind: 'delta', snapshot: good },
    ];
    for (const message of broken) await host.say(message);
    expect(await host.page.locator('h1').innerText()).toBe('Digits or words');
    await host.snapshot({ ...good, content: { file: { ...demoLike(), name: 'Another' } } });
    await until(async () => (await host.page.locator('h1').innerText()) === 'Another');
    // A field alone: the others stand.
    await host.snapshot({ board: { ...NEW_BOARD, on: 7 } });
    const slider = host.page.getByRole('slider', { name: 'Experts to activate' });
    await until(async () => (await slider.inputValue()) === '7');
    expect(await host.page.locator('h1').innerText()).toBe('Another');
  }));

test('a list of one layer, one expert and no difference at all is drawn', async () => {
  const file = demoLike();
  const shape = { ...file.model, moeLayers: [3], layers: 4, experts: 1, expertsPerToken: 1 };
  const host = await openCharts({
    file: {
      ...file,
      model: shape,
      counts: { a: [file.tokens.a], b: [file.tokens.b] },
      statistics: { low: [0], high: [0], q: [1] },
    },
  });
  await host.page.getByRole('application').focus();
  await until(async () => (await host.page.locator('[aria-live]').innerText()).startsWith('L3·E0;'));
  expect(host.errors).toEqual([]);
  await host.close();
});
