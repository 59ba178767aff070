import { cpSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { detectIn } from './harness/detectedList.js';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';
import { until } from './harness/until.js';

const FILES = ['digits-or-words.pairs.jsonl', 'refuse-or-comply.pairs.jsonl'];

describe('the sidebar', () => {
  const window = openWindow('sidebar', { files: FILES, prepare: detectIn });
  const rows = (tree: 'Prompt Pairs' | 'Expert Lists') => window.workbench.tree(tree).getByRole('treeitem');
  const names = async (tree: 'Prompt Pairs' | 'Expert Lists'): Promise<string[]> =>
    (await rows(tree).locator('.label-name').allInnerTexts()).map((text) => text.trim());

  it('shows pairs files with their lists, problems and numbers', async () => {
    const { workbench, folder } = window;
    writeFileSync(join(folder, 'broken.pairs.jsonl'), '{"prompt": "x", "a": "1", "b": "one"}\n{"prompt": \n');
    await workbench.openSidebar();
    await workbench.tree('Prompt Pairs').getByText('1 pair · 1 problem').waitFor();
    await until('the list is below its pairs', async () => (await names('Prompt Pairs')).length === 4);
    expect(await names('Prompt Pairs')).toEqual(['broken', 'digits-or-words', 'digits-or-words', 'refuse-or-comply']);
    expect(await workbench.tree('Expert Lists').innerText()).toMatch(
      /top \|RD\| 0\.9\d · \d+ experts q<\.05 · SteerMoE demo/,
    );
    await workbench.shot('views');
  });

  it('follows files that are renamed and deleted, also outside VS Code', async () => {
    const { workbench, folder } = window;
    renameSync(join(folder, FILES[0]!), join(folder, 'numbers.pairs.jsonl'));
    rmSync(join(folder, 'broken.pairs.jsonl'));
    // The list names a file that is gone, and is found by its pairs.
    await until(
      'the views follow',
      async () => (await names('Prompt Pairs')).join() === 'numbers,digits-or-words,refuse-or-comply',
    );
    renameSync(join(folder, 'digits-or-words.experts.json'), join(folder, 'numbers.experts.json'));
    await until('the list follows', async () => (await names('Expert Lists')).join() === 'numbers');
    await workbench.shot('renamed');
    cpSync(join(folder, 'numbers.experts.json'), join(folder, 'second.experts.json'));
    await until('the second is there', async () => (await names('Expert Lists')).join() === 'numbers,second');
  });

  it('has a status item that tells model and state, and a menu', async () => {
    const { workbench } = window;
    const item = workbench.page.locator('.statusbar-item[id*="steermoe"]');
    await item.hover();
    const menu = workbench.page.locator('.monaco-hover');
    await menu.getByRole('button', { name: 'Engine report' }).or(menu.getByText('Engine report')).first().waitFor();
    await workbench.shot('status');
    await workbench.page.keyboard.press('Escape');
  });

  it('offers in the palette only what can be done without a target', async () => {
    const { workbench } = window;
    await workbench.quickInput.open('F1', 'SteerMoE: ');
    const list = workbench.page.locator('.quick-input-list');
    await list.getByText('SteerMoE: Try the Demo').first().waitFor();
    await workbench.shot('palette');
    const shown = (await list.innerText()).split('\n').filter((line) => line.startsWith('SteerMoE: '));
    expect(shown.length).toBeGreaterThan(8);
    for (const hidden of [
      'Load Model',
      'Refresh',
      'Cancel Detection',
      'Open as Text',
      'Save Plan',
      'Reveal in File Manager',
    ])
      expect(shown).not.toContain(`SteerMoE: ${hidden}`);
    await workbench.page.keyboard.press('Escape');
  });

  it('begins a new pairs file where the user says', async () => {
    const { workbench, folder } = window;
    await workbench.run('SteerMoE: New Prompt Pairs File');
    await workbench.acceptPath();
    await workbench.tab('polite-or-blunt.pairs.jsonl').waitFor();
    await workbench.tree('Prompt Pairs').getByText('2 pairs').waitFor();
    expect(readFileSync(join(folder, 'polite-or-blunt.pairs.jsonl'), 'utf8')).toContain('"labels"');
    await workbench.shot('new-file');
  });

  it('opens a playground for each list, and their boards do not mix', async () => {
    const { workbench } = window;
    const open = async (list: string): Promise<PlaygroundView> => {
      await workbench.run('View: Close All Editors');
      await workbench
        .tree('Expert Lists')
        .getByRole('treeitem', { name: new RegExp(list) })
        .click();
      const charts = await workbench.view('Expert activations');
      await charts.getByRole('button', { name: 'Playground' }).click();
      return PlaygroundView.of(workbench);
    };
    const first = await open('numbers');
    await (await first.toggles(1))[0]!.locator('input[value=neutral]').check({ force: true });
    await first.frame
      .getByText(/1 by hand/)
      .first()
      .waitFor();
    const second = await open('second');
    await second.toggles(1);
    await second.frame.getByText('toward digits +4 −4').first().waitFor();
    expect(
      await second.frame
        .getByText(/by hand/)
        .filter({ visible: true })
        .count(),
    ).toBe(0);
    await workbench.shot('second-playground');
    const again = await open('numbers');
    await again.frame
      .getByText(/1 by hand/)
      .first()
      .waitFor();
  });
});
