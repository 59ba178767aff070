import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type Frame, type Locator, type Page } from 'playwright-core';
import { CHROMIUM_FLAGS, chromiumPath } from '../../webview/chromium.mjs';
import { artifacts, checkout, made } from './folders.js';
import { QuickInput } from './quickInput.js';
import type { Server } from './server.js';
import { PATIENCE, until } from './until.js';

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
  readonly quickInput: QuickInput;
  private shots = 0;

  private constructor(
    readonly page: Page,
    private readonly name: string,
  ) {
    this.quickInput = new QuickInput(page);
  }

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
    await this.quickInput.open('F1', title, this.quickInput.byMouse);
  }

  /** The same without the mouse. */
  async runByKeyboard(title: string): Promise<void> {
    await this.quickInput.open('F1', title, this.quickInput.byKeyboard);
  }

  /** A file of the folder by its name, without the mouse. */
  async openByKeyboard(file: string): Promise<void> {
    await this.quickInput.open('Control+P', file, this.quickInput.byKeyboard);
  }

  /** As a user reloads a window: VS Code first writes down what is open, which a reload of the page may forestall. */
  async reload(): Promise<void> {
    const loaded = this.page.waitForEvent('load');
    await this.run('Developer: Reload Window');
    await loaded;
    await this.activityItem().waitFor();
  }

  /** Takes the place that a file dialog proposes. */
  async acceptPath(): Promise<void> {
    const dialog = this.page.locator('.quick-input-widget');
    await dialog.getByRole('button', { name: /^(OK|Save)$/ }).click();
    await dialog.waitFor({ state: 'hidden' });
  }

  /** A row of the list that VS Code asks with. */
  async pick(label: string): Promise<void> {
    await this.quickInput.row(label).click();
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

  /** The charts of a list. What opens it in VS Code's first moments opens text: the list's own editor is not known yet. */
  async charts(open: () => Promise<void>): Promise<Frame> {
    await until('the list is open as charts', async () => {
      await open();
      const webview = this.page.locator('iframe.webview').first();
      await webview.or(this.page.locator('.editor-instance .view-lines').first()).first().waitFor();
      if ((await webview.count()) > 0) return true;
      await this.run('View: Close All Editors');
      return false;
    });
    return this.view('Expert activations');
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
