import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FakeHub } from '../fixtures/hub/fakeHub.js';
import { checkout } from './harness/folders.js';
import { until } from './harness/until.js';
import { openWindow } from './harness/window.js';

const NAME = 'Small-Q8_0.gguf';
const URI = 'hf:someone/Small-GGUF:Q8_0';

describe('models of one’s own', () => {
  const hub = new FakeHub();
  beforeAll(async () => {
    await hub.start();
    hub.files.set(`someone/Small-GGUF/${NAME}`, { content: readFileSync(join(checkout, 'media/demo/demo.gguf')) });
    hub.quants.set('someone/Small-GGUF:Q8_0', NAME);
    process.env['HF_ENDPOINT'] = hub.url;
  });
  afterAll(async () => {
    delete process.env['HF_ENDPOINT'];
    await hub.stop();
  });
  const window = openWindow('models');
  const row = (words: RegExp) => window.workbench.tree('Models').getByRole('treeitem', { name: words });
  const downloaded = () => join(window.server.folder, 'data/steermoe/models/someone/Small-GGUF', NAME);

  async function addFromAddress(address: string): Promise<void> {
    const { workbench } = window;
    await workbench.run('SteerMoE: Add a Model...');
    await workbench.pick('From an address...');
    await workbench.quickInput.answer('the address of a GGUF', address);
  }

  it('are offered for download with what they need', async () => {
    const { workbench } = window;
    await workbench.openSidebar();
    await workbench.run('SteerMoE: Add a Model...');
    await workbench.quickInput.row('OLMoE').waitFor();
    await workbench.shot('catalogue');
    const words = await workbench.quickInput.row('OLMoE').innerText();
    expect(words).toMatch(/about \d+(\.\d+)? GB/);
    expect(words).toMatch(/16x64 experts, top-8/);
    await workbench.page.keyboard.press('Escape');
    expect(hub.asked).toEqual([]);
  });

  it('say in a sentence why an address gives no model', async () => {
    const { workbench } = window;
    await addFromAddress('hf:someone/Nothing-GGUF:Q8_0');
    const toast = workbench.toast(/Nothing-GGUF/);
    await toast.waitFor();
    await workbench.shot('no-such-model');
    await workbench.clearToasts();
    await workbench.choose(row(/^Nothing-GGUF/), 'Delete the Unfinished Download');
    await workbench.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
    await row(/^Nothing-GGUF/).waitFor({ state: 'detached' });
  });

  it('come with their progress, are stopped, and go on where they were', async () => {
    const { workbench } = window;
    hub.slowness = 300;
    await addFromAddress(URI);
    await row(/^Small-GGUF:Q8_0, .*%/).waitFor();
    await workbench.shot('downloading');
    await workbench.choose(row(/^Small-GGUF:Q8_0/), 'Stop the Download');
    await row(/download stopped/).waitFor();
    expect(existsSync(downloaded())).toBe(false);
    hub.slowness = 0;
    await workbench.choose(row(/^Small-GGUF:Q8_0/), 'Go on with the Download');
    const toast = workbench.toast('The model was downloaded, and its SHA-256 is right.');
    await toast.getByRole('button', { name: 'Load' }).click();
    await row(/^Small-Q8_0, current model, qwen3moe 4x32 top-4 · 7.1 MB · downloaded/).waitFor();
    await workbench.shot('loaded');
    expect(existsSync(downloaded())).toBe(true);
    await until('it is in memory', () => window.server.engines().length > 0);
  });

  it('are deleted after a question', async () => {
    const { workbench } = window;
    await workbench.choose(row(/^Small-Q8_0/), 'Delete Downloaded Model');
    const question = workbench.page.getByRole('dialog');
    await question.getByText('Delete the model Small-Q8_0 (7.1 MB)?').waitFor();
    await workbench.shot('question');
    await question.getByRole('button', { name: 'Delete' }).click();
    await row(/^Small-Q8_0/).waitFor({ state: 'detached' });
    expect(existsSync(downloaded())).toBe(false);
  });
});
