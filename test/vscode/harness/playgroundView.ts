import type { Frame, Locator } from 'playwright-core';
import { until } from './until.js';
import type { Workbench } from './workbench.js';

export type Side = 'baseline' | 'steered';

/** What a user does in a playground and sees there. */
export class PlaygroundView {
  private constructor(readonly frame: Frame) {}

  static async of(workbench: Workbench): Promise<PlaygroundView> {
    return new PlaygroundView(await workbench.view('Playground'));
  }

  /** Begun turns. */
  turns(): Promise<number> {
    return this.frame.locator('.answer.steered').count();
  }

  /** The text of the newest answer. */
  answer(side: Side): Locator {
    return this.frame.getByRole('group', { name: new RegExp(`^Text of the ${side} answer`) }).last();
  }

  async send(prompt: string): Promise<void> {
    await this.frame.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
    await this.frame.getByRole('button', { name: 'Send', exact: true }).click();
  }

  /** Until the newest turn has both its answers to the end. */
  async ended(): Promise<Record<Side, string>> {
    await until(
      'the answers have ended',
      async () => (await this.turns()) > 0 && (await this.frame.locator('.answer[aria-busy=true]').count()) === 0,
    );
    return { baseline: await this.answer('baseline').innerText(), steered: await this.answer('steered').innerText() };
  }

  async ask(prompt: string): Promise<Record<Side, string>> {
    const turns = await this.turns();
    await this.send(prompt);
    await until('the answers have begun', async () => (await this.turns()) > turns);
    return this.ended();
  }

  /** The three-state toggles of the ranking's first experts. Beside the charts the column is narrow, and they are folded. */
  async toggles(count: number): Promise<Locator[]> {
    const groups = this.frame.locator('.toggles').getByRole('radiogroup');
    if (!(await groups.first().isVisible())) await this.frame.getByRole('button', { name: 'Switchboard' }).click();
    await groups.first().waitFor();
    return (await groups.all()).slice(0, count);
  }
}
