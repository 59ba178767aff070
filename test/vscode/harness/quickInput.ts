import type { Locator, Page } from 'playwright-core';
import { until } from './until.js';

/** The input in which VS Code asks: for a command, for a file, for one of a list. */
export class QuickInput {
  private readonly input: Locator;

  constructor(private readonly page: Page) {
    this.input = page.locator('.quick-input-widget input').first();
  }

  /** A row of what is offered. */
  row(label: string): Locator {
    return this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first();
  }

  /**
   * Opens the input with a key, types and takes what then is offered. An editor that goes away at that moment swallows
   * the key or closes the input again, so all of it is done until it works.
   */
  async open(key: string, text: string, take?: (label: string) => Promise<void>): Promise<void> {
    await until(`${key} and "${text}" offer what is looked for`, async () => {
      try {
        await this.page.keyboard.press(key);
        await this.input.waitFor({ timeout: 3_000 });
        await this.page.keyboard.type(text);
        await this.row(text).waitFor({ timeout: 5_000 });
        await take?.(text);
        return true;
      } catch {
        await this.page.keyboard.press('Escape');
        return false;
      }
    });
  }

  /** Writes what is asked for with these words. */
  async answer(question: string, text: string): Promise<void> {
    await this.page.locator('.quick-input-widget').getByText(question).waitFor();
    await this.input.fill(text);
    await this.input.press('Enter');
  }

  /** The row is clicked. */
  readonly byMouse = (label: string): Promise<void> => this.row(label).click({ timeout: 5_000 });

  /** Its key is pressed. */
  readonly byKeyboard = (): Promise<void> => this.page.keyboard.press('Enter');
}
