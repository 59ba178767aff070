import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { made } from './folders.js';
import { installed } from './packaged.js';
import { Server, type ServerOptions } from './server.js';
import { sampleWorkspace, startBrowser, Workbench } from './workbench.js';

export interface WindowOptions extends Omit<ServerOptions, 'name' | 'extensions'> {
  /** Demo pairs files in the opened folder; null opens no folder. */
  readonly files?: string[] | null;
  /** Adds to the folder before it is opened. */
  readonly prepare?: (folder: string) => void;
}

export interface Window {
  server: Server;
  browser: Browser;
  workbench: Workbench;
  /** The opened folder, which is there also where none is opened. */
  folder: string;
}

/**
 * One VS Code with the installed package for the tests of a describe block, opened before the first of them and gone
 * after the last. A test that fails leaves a picture.
 */
export function openWindow(name: string, { files, prepare, ...options }: WindowOptions = {}): Window {
  const window = {} as Window;
  beforeAll(async () => {
    window.folder = made(join(mkdtempSync(join(tmpdir(), `steermoe-${name}-`)), 'behaviours'));
    if (files !== null) sampleWorkspace(window.folder, files);
    prepare?.(window.folder);
    window.server = await Server.start({ name, extensions: installed, ...options });
    window.browser = await startBrowser();
    window.workbench = await Workbench.open(
      window.browser,
      window.server,
      files === null ? undefined : window.folder,
      name,
    );
  });
  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await (window as Partial<Window>).workbench?.shot('failed');
  });
  afterAll(async () => {
    // Where the opening failed, not all of it is there.
    const { browser, server } = window as Partial<Window>;
    await browser?.close();
    await server?.stop();
    rmSync(dirname(window.folder), { recursive: true, force: true });
  });
  return window;
}
