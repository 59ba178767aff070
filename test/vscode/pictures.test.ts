import { describe, expect, it } from 'vitest';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';
import { until } from './harness/until.js';
import { Workbench } from './harness/workbench.js';

/** Each kind of theme, and what VS Code calls it on the body of a webview. */
const THEMES = {
  light: ['Default Light Modern', 'vscode-light'],
  dark: ['Default Dark Modern', 'vscode-dark'],
  contrast: ['Default High Contrast', 'vscode-high-contrast'],
  'contrast-light': ['Default High Contrast Light', 'vscode-high-contrast-light'],
} as const;
const FILES = ['digits-or-words', 'document-or-memory', 'refuse-or-comply'].map((name) => `${name}.pairs.jsonl`);

/** What the demo looks like in each theme; `npm run screenshots` makes the README's pictures of these. */
describe('the demo in every theme', () => {
  const window = openWindow('pictures', { files: FILES, settings: { 'window.menuBarVisibility': 'hidden' } });

  it.each(Object.entries(THEMES))('shows sidebar, charts and playground in the %s theme', async (name, theme) => {
    const { server, browser, folder } = window;
    server.set({ 'workbench.colorTheme': theme[0], 'window.menuBarVisibility': 'hidden' });
    // A window that is new to its browser: nothing of the theme before is left in it.
    const workbench = await Workbench.open(browser, server, folder, `pictures-${name}`);
    try {
      await workbench.openSidebar();
      await workbench.run('SteerMoE: Try the Demo');
      const playground = await PlaygroundView.of(workbench);
      await playground.frame.getByRole('button', { name: 'Send', exact: true }).click();
      const { baseline, steered } = await playground.ended();
      expect(steered).not.toBe(baseline);
      await until('the playground has the theme', async () => {
        const classes = (await playground.frame.locator('body').getAttribute('class')) ?? '';
        return classes.split(' ').includes(theme[1]);
      });
      await workbench.shot('sidebar');
      await alone(workbench, /Playground/);
      await workbench.shot('playground');
      await together(workbench, /Playground/);
      await alone(workbench, 'digits-or-words.experts.json');
      const charts = await workbench.view('Expert activations');
      await charts.getByRole('application').waitFor();
      await workbench.shot('charts');
      expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
    } catch (error) {
      await workbench.shot('failed');
      throw error;
    } finally {
      await workbench.close();
    }
  });
});

/** A double click on its tab gives an editor the whole room. */
async function alone(workbench: Workbench, tab: string | RegExp): Promise<void> {
  await workbench.tab(tab).dblclick();
  // Two editors side by side: the other is narrow now, or gone.
  await workbench.page.waitForTimeout(1_000);
}

async function together(workbench: Workbench, tab: string | RegExp): Promise<void> {
  await workbench.tab(tab).dblclick();
  await workbench.page.waitForTimeout(500);
}
