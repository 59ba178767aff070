import { describe, expect, it } from 'vitest';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';

describe('the first minutes, with no folder open', () => {
  const window = openWindow('first', { files: null });

  it('shows the demo model, and one button in each view that is empty', async () => {
    const { workbench } = window;
    await workbench.openSidebar();
    await workbench
      .tree('Models')
      .getByRole('treeitem', { name: /^demo, / })
      .waitFor();
    const buttons = workbench.page.locator('.welcome-view-content .monaco-button');
    expect(await buttons.allInnerTexts()).toEqual(['Try the Demo', 'Detect Experts']);
    await workbench.shot('empty-views');
  });

  it('goes from "Try the Demo" to two different answers, and asks nothing on the way', async () => {
    const { workbench } = window;
    await workbench.page.locator('.welcome-view-content').getByRole('button', { name: 'Try the Demo' }).click();
    const playground = await PlaygroundView.of(workbench);
    const send = playground.frame.getByRole('button', { name: 'Send', exact: true });
    await send.waitFor();
    await workbench.shot('demo-typed-in');
    await send.click();
    const { baseline, steered } = await playground.ended();
    expect(baseline).toBe('thirteen, fourteen, fifteen, sixteen, seventeen.');
    expect(steered).toBe('13, 14, 15, 16, 17.');
    await workbench
      .tree('Prompt Pairs')
      .getByRole('treeitem', { name: /^digits-or-words, 100 pairs/ })
      .waitFor();
    await workbench
      .tree('Expert Lists')
      .getByRole('treeitem', { name: /digits-or-words/ })
      .waitFor();
    expect(await workbench.page.locator('.notification-toast').count()).toBe(0);
    await workbench.shot('demo-answers');
  });

  it('begins a pairs file that is not saved yet', async () => {
    const { workbench } = window;
    await workbench.run('SteerMoE: New Prompt Pairs File');
    await workbench.page.locator('.view-lines').getByText('Polite or blunt').first().waitFor();
    await workbench.page.locator('.statusbar-item').getByText('Prompt Pairs').waitFor();
    await workbench.shot('new-pairs');
  });

  it('has a walkthrough whose buttons do what they say', async () => {
    const { workbench } = window;
    await workbench.run('View: Revert and Close Editor');
    await workbench.run('View: Close All Editors');
    await workbench.run('Welcome: Open Walkthrough...');
    await workbench.pick('Steer a Mixture-of-Experts model');
    const guide = workbench.page.locator('.gettingStartedContainer');
    const step = (name: string) => guide.getByRole('button', { name: new RegExp(name) }).first();
    await step('Detect experts').waitFor();
    await workbench.shot('walkthrough');
    await step('Look at the experts').click();
    await guide.getByRole('button', { name: 'Show the Expert Lists' }).click();
    await workbench
      .tree('Expert Lists')
      .getByRole('treeitem', { name: /digits-or-words/ })
      .waitFor();
    await step('Steer an answer').click();
    await guide.getByRole('button', { name: 'Open Playground' }).waitFor();
    await workbench.page.waitForTimeout(500);
    await workbench.shot('walkthrough-steer');
    await guide.getByRole('button', { name: 'Open Playground' }).click();
    await workbench
      .tab(/Playground/)
      .first()
      .waitFor();
    const playground = await PlaygroundView.of(workbench);
    await playground.frame.getByRole('textbox', { name: 'Prompt', exact: true }).waitFor();
    await workbench.shot('walkthrough-playground');
  });
});
