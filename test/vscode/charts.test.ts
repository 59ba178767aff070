import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectIn } from './harness/detectedList.js';
import { until } from './harness/until.js';
import { openWindow } from './harness/window.js';

const LIST = 'digits-or-words.experts.json';

describe('the charts of a list', () => {
  const window = openWindow('charts', { prepare: detectIn });

  it.each(['CSV', 'SVG', 'PNG'])('are exported as %s beside the list', async (format) => {
    const { workbench, folder } = window;
    const charts = await workbench.charts(() => workbench.row(LIST).dblclick());
    await charts.getByRole('application').waitFor();
    await charts.getByRole('button', { name: 'Export' }).click();
    await charts.getByRole('menuitem', { name: `as ${format}` }).click();
    await workbench.acceptPath();
    const file = join(folder, `digits-or-words.${format.toLowerCase()}`);
    await until('the file is there', () => existsSync(file));
    await workbench.row(`digits-or-words.${format.toLowerCase()}`).waitFor();
    const bytes = readFileSync(file);
    if (format === 'PNG') expect(bytes.subarray(1, 4).toString()).toBe('PNG');
    if (format === 'SVG') expect(bytes.toString()).toMatch(/^<\?xml|^<svg/);
    if (format === 'CSV') {
      const [head, ...rows] = bytes.toString().trim().split(/\r?\n/);
      expect(head).toContain('layer');
      expect(rows).toHaveLength(4 * 32);
    }
  });

  it('show a pair token by token, and which experts a token has', async () => {
    const { workbench } = window;
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('tab', { name: 'Tokens' }).click();
    await charts.getByRole('button', { name: 'Show tokens' }).click();
    const token = charts.locator('.token[aria-label]').first();
    await token.waitFor();
    await token.scrollIntoViewIfNeeded();
    await token.click();
    await charts.locator('.token-experts').getByRole('listitem').first().waitFor();
    expect(await charts.locator('.token-experts').getByRole('listitem').count()).toBe(4);
    await workbench.shot('tokens');
  });

  it('save what is selected as a plan, which the sidebar shows below its list', async () => {
    const { workbench, folder } = window;
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('button', { name: 'Save plan' }).click();
    await until('the plan is there', () => existsSync(join(folder, 'digits-or-words.digits-on4-off4.steering.json')));
    await workbench.openSidebar();
    await workbench.tree('Expert Lists').getByText('toward digits +4 −4').waitFor();
    await workbench.shot('plan');
  });

  it('are one click away from the text', async () => {
    const { workbench } = window;
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('button', { name: 'Export' }).click();
    await charts.getByRole('menuitem', { name: 'Open as text' }).click();
    await workbench.page.locator('.view-lines').getByText('"version"').first().waitFor();
    await workbench.shot('text');
  });
});
