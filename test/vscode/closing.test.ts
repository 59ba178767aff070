import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { installed } from './harness/packaged.js';
import { Server } from './harness/server.js';
import { sampleWorkspace, startBrowser, until, Workbench } from './harness/workbench.js';

const PAIRS = 'digits-or-words.pairs.jsonl';
/** Enough copies of the demo's pairs that the window is closed long before the last one. */
const COPIES = 60;

describe('a window closed in the middle of a detection', () => {
  let server: Server;
  let browser: Browser;
  let folder: string;

  beforeAll(async () => {
    folder = sampleWorkspace(mkdtempSync(join(tmpdir(), 'steermoe-closing-')));
    const [head, ...pairs] = readFileSync(join(folder, PAIRS), 'utf8').trimEnd().split('\n');
    const many = Array.from({ length: COPIES }, (_, copy) =>
      pairs.map((line) =>
        line.replaceAll('"prompt": "', `"prompt": "${copy} `).replaceAll('"prompt":"', `"prompt":"${copy} `),
      ),
    );
    writeFileSync(join(folder, PAIRS), [head, ...many.flat()].join('\n'));
    server = await Server.start({ name: 'closing', extensions: installed });
    browser = await startBrowser();
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('leaves no engine behind, and a later run goes on where it ended', async () => {
    const journal = join(folder, 'digits-or-words.experts.json.partial');
    const lines = (): number => (existsSync(journal) ? readFileSync(journal, 'utf8').split('\n').length : 0);
    let workbench = await Workbench.open(browser, server, folder, 'closing');
    await workbench.choose(workbench.row(PAIRS), 'Detect Experts');
    await workbench.pick('demo');
    await until('some pairs are done', () => lines() > 100);
    await workbench.shot('detecting');
    expect(server.engines()).toHaveLength(1);
    await workbench.close();
    await until('the engine is gone', () => server.engines().length === 0);
    const kept = readFileSync(journal, 'utf8').split('\n').slice(0, -1);
    expect(kept.length).toBeGreaterThan(100);

    workbench = await Workbench.open(browser, server, folder, 'closing-again');
    await workbench.choose(workbench.row(PAIRS), 'Detect Experts');
    // The model of before is remembered in this folder; the run goes on after what is kept.
    await until('it has gone on', () => lines() > kept.length + 20);
    expect(readFileSync(journal, 'utf8').split('\n').slice(0, kept.length)).toEqual(kept);
    await workbench.shot('resumed');
    await workbench.close();
    await until('the engine is gone', () => server.engines().length === 0);
  });
});
