import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from '../../webview/chromium.mjs';
import { artifacts, checkout, made } from './folders.js';
import type { Server } from './server.js';

/** Long, since everything here waits for a real VS Code on what may be two busy cores. */
export const PATIENCE = 60_000;
const VIEWPORT = { width: 1440, height: 900 };

export async function startBrowser(): Promise<Browser> {
  return chromium.launch({ executablePath: chromiumPath(), args: CHROMIUM_FLAGS, timeout: PATIENCE });
}

/** A folder with copies of the demo's pairs files, or of the named ones. */
export function sampleWorkspace(folder: string, files = ['digits-or-words.pairs.jsonl']): string {
  mkdirSync(folder, { recursive: true });
  for (const file of files) cpSync(join(checkout, 'media/demo', file), join(folder, file));
  return folder;
}

/** A window of VS Code and what a user does in it. Screenshots are numbered in the order in which they are taken. */
export class Workbench {
  private shots = 0;

  private constructor(
    readonly page: Page,
    private readonly name: string,
  ) {}

  /** Opens a folder and waits until the extension's own icon is there: from then on its menus are, too. */
  static async open(browser: Browser, server: Server, folder: string | undefined, name: string): Promise<Workbench> {
    const context = await browser.newContext({
      viewport: VIEWPORT,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE);
    const query = folder === undefined ? '?ew=true' : `?folder=${encodeURIComponent(folder)}`;
    await page.goto(`${server.url}/${query}`, { timeout: PATIENCE });
    const workbench = new Workbench(page, name);
    await workbench
      .activityItem()
      .waitFor()
      .catch(async (error: unknown) => {
        await workbench.shot('not-ready');
        throw error;
      });
    return workbench;
  }

  activityItem(): Locator {
    return this.page.getByRole('tab', { name: 'SteerMoE' }).first();
  }

  async openSidebar(): Promise<void> {
    await this.activityItem().click();
    await this.tree('Models').waitFor();
  }

  tree(name: 'Models' | 'Prompt Pairs' | 'Expert Lists'): Locator {
    return this.page.getByRole('tree', { name });
  }

  /** A file in the explorer. */
  row(name: string): Locator {
    return this.page.locator('.explorer-folders-view').getByRole('treeitem', { name, exact: true });
  }

  async showExplorer(): Promise<void> {
    await this.page
      .getByRole('tab', { name: /^Explorer/ })
      .first()
      .click();
    await this.page.locator('.explorer-folders-view').waitFor();
  }

  /** Right-click, then an item of the menu. */
  async choose(target: Locator, item: string): Promise<void> {
    await target.click({ button: 'right' });
    const menu = this.page.locator('.monaco-menu');
    const entry = menu.locator('.action-item').filter({ hasText: item }).first();
    await entry.waitFor();
    // A menu takes no click in the moment in which it opens.
    await until(`"${item}" is taken`, async () => {
      await entry.click({ timeout: 5_000 }).catch(() => undefined);
      return menu.waitFor({ state: 'hidden', timeout: 2_000 }).then(
        () => true,
        () => false,
      );
    });
  }

  /** A command by its title in the command palette. */
  async run(title: string): Promise<void> {
    await (await this.palette()).fill(`>${title}`);
    await this.pick(title);
  }

  /** As a user reloads a window: VS Code first writes down what is open, which a reload of the page may forestall. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.run('Developer: Reload Window');
    await loaded;
    await this.activityItem().waitFor();
  }

  /** Opens the palette. A key that meets an editor while it goes away is lost, so it is pressed until it works. */
  private async palette(): Promise<Locator> {
    const input = this.page.locator('.quick-input-widget input').first();
    await until('the command palette is open', async () => {
      await this.page.keyboard.press('F1');
      return input.waitFor({ timeout: 3_000 }).then(
        () => true,
        () => false,
      );
    });
    return input;
  }

  /** The same without the mouse. */
  async runByKeyboard(title: string): Promise<void> {
    await this.palette();
    await this.page.keyboard.type(title);
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: title }).first().waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Takes the place that a file dialog proposes. */
  async acceptPath(): Promise<void> {
    const dialog = this.page.locator('.quick-input-widget');
    await dialog.getByRole('button', { name: /^(OK|Save)$/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** A row of the list that VS Code asks with. */
  async pick(label: string): Promise<void> {
    await this.page.locator('.quick-input-list .monaco-list-row').filter({ hasText: label }).first().click();
  }

  tab(name: string | RegExp): Locator {
    return this.page.locator('.tabs-container .tab').filter({ hasText: name });
  }

  toast(text: string | RegExp): Locator {
    return this.page.locator('.notification-toast').filter({ hasText: text });
  }

  /** Closes the notifications that are open, so that the next picture and the next question are free of them. */
  async clearToasts(): Promise<void> {
    await this.run('Notifications: Clear All Notifications');
    await this.page.locator('.notification-toast').first().waitFor({ state: 'detached' });
  }

  /** A webview, known by the title of its document. */
  async view(title: 'Playground' | 'Expert activations'): Promise<Frame> {
    const end = Date.now() + PATIENCE;
    while (Date.now() < end) {
      for (const frame of this.page.frames()) {
        // A frame that is going away is not the one.
        const is = await frame.title().catch(() => '');
        if (is !== title) continue;
        // While a view loads, VS Code keeps it in a frame of another name.
        const id = await frame
          .frameElement()
          .then((element) => element.getAttribute('id'))
          .catch(() => null);
        const filled = await frame
          .locator('main, header')
          .count()
          .catch(() => 0);
        if (id === 'active-frame' && filled > 0) return frame;
      }
      await this.page.waitForTimeout(100);
    }
    const seen = this.page.frames().map(async (frame) => {
      const content = await frame
        .evaluate('document.title + " / " + document.readyState + " / " + document.body.innerHTML.length')
        .catch(String);
      return `${frame.name()}: ${String(content)}, ${frame.url().slice(0, 120)}`;
    });
    throw new Error(`No webview with the title "${title}" appeared among ${(await Promise.all(seen)).join('; ')}.`);
  }

  async shot(step: string): Promise<string> {
    this.shots += 1;
    const file = join(made(artifacts), `${this.name}-${String(this.shots).padStart(2, '0')}-${step}.png`);
    await this.page.screenshot({ path: file });
    return file;
  }

  async close(): Promise<void> {
    await this.page.context().close();
  }
}

/** Asks until it is true; says what it waited for when it never is. */
export async function until(what: string, isSo: () => boolean | Promise<boolean>, limit = PATIENCE): Promise<void> {
  const end = Date.now() + limit;
  while (!(await isSo())) {
    if (Date.now() > end) throw new Error(`Waited ${limit / 1000} s in vain until ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
