import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installed } from './harness/packaged.js';
import { Server } from './harness/server.js';
import { sampleWorkspace, startBrowser, Workbench } from './harness/workbench.js';

const themes = { light: 'Default Light Modern', dark: 'Default Dark Modern', contrast: 'Default High Contrast' };
const FILES = ['digits-or-words', 'document-or-memory', 'refuse-or-comply'].map((name) => `${name}.pairs.jsonl`);

/** What the demo looks like in each theme; `npm run screenshots` makes the README's pictures of these. */
describe.each(Object.entries(themes))('the demo in the %s theme', (name, theme) => {
  let server: Server;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = join(mkdtempSync(join(tmpdir(), 'steermoe-')), 'behaviours');
    sampleWorkspace(folder, FILES);
    server = await Server.start({
      name: `pictures-${name}`,
      extensions: installed,
      settings: { 'workbench.colorTheme': theme, 'window.menuBarVisibility': 'hidden' },
    });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(join(folder, '..'), { recursive: true, force: true });
  });

  it('tries the demo and shows the sidebar, the charts and the playground', async () => {
    const workbench = await Workbench.open(browser, server, folder, `picture-${name}`);
    await workbench.openSidebar();
    await workbench.run('SteerMoE: Try the Demo');
    const playground = await workbench.view('Playground');
    await playground.getByRole('button', { name: 'Send', exact: true }).click();
    await playground.locator('.answer.steered').first().waitFor();
    await playground.locator('.answer.steered:not(.running)').first().waitFor();
    await workbench.shot('sidebar');
    await workbench.tab(/Playground/).dblclick();
    await workbench.page.waitForTimeout(1_000);
    await workbench.shot('playground');
    await workbench.tab(/Playground/).dblclick();
    await workbench.tab('digits-or-words.experts.json').dblclick();
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('application').waitFor();
    await workbench.page.waitForTimeout(1_000);
    await workbench.shot('charts');
    expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
    await workbench.close();
  });
});
