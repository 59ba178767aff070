import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { checkout } from './harness/folders.js';
import { openWindow } from './harness/window.js';

describe('a workspace that nobody trusts', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'steermoe-elsewhere-'));
  const window = openWindow('restricted', {
    workspaceTrust: true,
    settings: { 'security.workspace.trust.startupPrompt': 'never', 'security.workspace.trust.banner': 'never' },
    prepare: (folder) => {
      cpSync(join(checkout, 'media/demo/demo.gguf'), join(folder, 'of-the-workspace.gguf'));
      cpSync(join(checkout, 'media/demo/demo.gguf'), join(elsewhere, 'of-the-setting.gguf'));
      mkdirSync(join(folder, '.vscode'));
      writeFileSync(join(folder, '.vscode/settings.json'), JSON.stringify({ 'steermoe.modelFolders': [elsewhere] }));
    },
  });
  afterAll(() => {
    rmSync(elsewhere, { recursive: true, force: true });
  });
  const model = (name: string) =>
    window.workbench.tree('Models').getByRole('treeitem', { name: new RegExp(`^${name}`) });

  it('has its models neither read nor loaded, and its model folders ignored', async () => {
    const { workbench, server } = window;
    await workbench.page.getByText('Restricted Mode').first().waitFor();
    await workbench.openSidebar();
    await model('demo, ').waitFor();
    await model('of-the-workspace').waitFor();
    expect(await model('of-the-setting').count()).toBe(0);
    // Its size is all that is known of it.
    expect(await model('of-the-workspace').innerText()).not.toContain('qwen3moe');
    await workbench.run('SteerMoE: Choose Model');
    await workbench.pick('of-the-workspace');
    await workbench.toast('belongs to a workspace that is not trusted').waitFor();
    await workbench.shot('refused');
    await workbench.clearToasts();
    expect(server.engines().length).toBeLessThanOrEqual(1);
  });

  it('works with the demo model all the same', async () => {
    const { workbench } = window;
    await workbench.showExplorer();
    await workbench.choose(workbench.row('digits-or-words.pairs.jsonl'), 'Detect Experts');
    await workbench.tab('digits-or-words.experts.json').waitFor();
    await workbench.shot('detected');
    await workbench.clearToasts();
    await workbench.run('SteerMoE: Show Engine Report');
    await workbench.page.locator('.view-lines').getByText('not trusted').first().waitFor();
    await workbench.shot('report');
  });

  it('shows and loads them as soon as it is trusted', async () => {
    const { workbench } = window;
    await workbench.run('Workspaces: Manage Workspace Trust');
    await workbench.page.locator('.workspace-trust-editor').getByRole('button', { name: 'Trust', exact: true }).click();
    await workbench.shot('trust-editor');
    await workbench.page
      .locator('.monaco-modal-editor-block')
      .getByRole('button', { name: /^Close/ })
      .click();
    await workbench.openSidebar();
    await model('of-the-setting').waitFor();
    await workbench.run('SteerMoE: Choose Model');
    await workbench.pick('of-the-workspace');
    await model('of-the-workspace, current model').waitFor();
    await workbench.shot('trusted');
  });
});
