import type { Frame } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { detectIn } from './harness/detectedList.js';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';
import { until } from './harness/until.js';
import type { Workbench } from './harness/workbench.js';

/** More than there are controls before any of those that the tests go to. */
const MOST_TABS = 80;

/** Presses Tab until what has the focus in the view is what the selector means. */
async function tabTo(workbench: Workbench, frame: Frame, selector: string): Promise<void> {
  for (let press = 0; press < MOST_TABS; press++) {
    const there = (await frame.locator(`${selector}:focus-within`).count()) > 0;
    if (there) return;
    await workbench.page.keyboard.press('Tab');
  }
  throw new Error(`Tab never came to ${selector}.`);
}

describe('by keyboard alone', () => {
  const window = openWindow('keyboard', { prepare: detectIn });

  it('opens a list, moves in its heat map and switches an expert', async () => {
    const { workbench } = window;
    const charts = await workbench.charts(() => workbench.openByKeyboard('digits-or-words.experts.json'));
    await charts.getByRole('application').waitFor();
    await tabTo(workbench, charts, '[role=application]');
    for (const key of ['Control+Home', 'ArrowRight', 'ArrowRight']) await workbench.page.keyboard.press(key);
    await charts
      .getByText(/L3·E2\b/)
      .first()
      .waitFor();
    await workbench.shot('heat-map');
    await workbench.page.keyboard.press('Space');
    await charts.getByText(/1 expert set by hand/).waitFor();
    await workbench.shot('switched');
  });

  it('goes on in the playground, toggles an expert there and sends a prompt', async () => {
    const { workbench } = window;
    await workbench.runByKeyboard('SteerMoE: Open Playground');
    const playground = await PlaygroundView.of(workbench);
    const { frame } = playground;
    await tabTo(workbench, frame, 'textarea[aria-label=Prompt]');
    await workbench.page.keyboard.type('Count from thirteen to seventeen.');
    // The model of the list comes while the prompt is written.
    const send = frame.getByRole('button', { name: 'Send', exact: true });
    await until('it can be sent', () => send.isEnabled());
    await workbench.page.keyboard.press('Enter');
    const { baseline, steered } = await playground.ended();
    expect(baseline).toMatch(/^thirteen/);
    expect(steered).toMatch(/^13/);
    await workbench.shot('answers');
    if (!(await frame.locator('.toggles').first().isVisible())) {
      await tabTo(workbench, frame, '.switchboard button[aria-expanded]');
      await workbench.page.keyboard.press('Enter');
    }
    await tabTo(workbench, frame, '.toggles [role=radiogroup]');
    await workbench.page.keyboard.press('ArrowLeft');
    await until('the plan says so', async () => (await frame.getByText('2 by hand').count()) > 0);
    await workbench.shot('toggled');
  });
});
