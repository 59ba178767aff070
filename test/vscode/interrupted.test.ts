import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openWindow } from './harness/window.js';
import { until } from './harness/until.js';
import { Workbench } from './harness/workbench.js';

const PAIRS = 'digits-or-words.pairs.jsonl';
/** Enough copies of the demo's pairs that a detection is interrupted long before the last one. */
const COPIES = 60;

describe('a detection that is interrupted', () => {
  const window = openWindow('interrupted', { prepare: multiplyPairs });
  const journal = (): string => join(window.folder, 'digits-or-words.experts.json.partial');
  const lines = (): string[] => (existsSync(journal()) ? readFileSync(journal(), 'utf8').split('\n').slice(0, -1) : []);

  it('shows its progress, and its work files stay out of the explorer', async () => {
    const { workbench } = window;
    await workbench.choose(workbench.row(PAIRS), 'Detect Experts');
    await until('some pairs are done', () => lines().length > 50);
    await workbench.openSidebar();
    await workbench
      .tree('Prompt Pairs')
      .getByText(/tok\/s/)
      .waitFor();
    await workbench.shot('detecting');
    await workbench.showExplorer();
    expect(await workbench.page.locator('.explorer-folders-view').innerText()).not.toMatch(/partial|lock/);
  });

  it('says one sentence when the engine is killed, and loses no finished pair', async () => {
    const { workbench, server } = window;
    const [engine] = server.engines();
    process.kill(engine!, 'SIGKILL');
    await workbench.toast(/The engine stopped/).waitFor();
    await workbench.shot('engine-killed');
    const kept = lines();
    expect(kept.length).toBeGreaterThan(50);
    await workbench.choose(workbench.row(PAIRS), 'Detect Experts');
    await until('it goes on', () => lines().length > kept.length + 20);
    expect(lines().slice(0, kept.length)).toEqual(kept);
  });

  it('ends with the window, leaves no engine behind, and goes on in the next window', async () => {
    const { browser, server, folder } = window;
    await window.workbench.close();
    await until('the engine is gone', () => server.engines().length === 0);
    const kept = lines();
    window.workbench = await Workbench.open(browser, server, folder, 'interrupted-again');
    await window.workbench.choose(window.workbench.row(PAIRS), 'Detect Experts');
    await until('it goes on', () => lines().length > kept.length + 20);
    expect(lines().slice(0, kept.length)).toEqual(kept);
    await window.workbench.shot('resumed');
  });

  it('is cancelled from the palette, and keeps what is done', async () => {
    const { workbench } = window;
    await workbench.run('SteerMoE: Cancel Detection');
    const before = lines().length;
    await workbench.openSidebar();
    await workbench
      .tree('Prompt Pairs')
      .getByText(/pairs$/)
      .waitFor();
    expect(lines().length).toBeGreaterThanOrEqual(before);
    expect(existsSync(join(window.folder, 'digits-or-words.experts.json'))).toBe(false);
    await workbench.shot('cancelled');
  });
});

function multiplyPairs(folder: string): void {
  const [head, ...pairs] = readFileSync(join(folder, PAIRS), 'utf8').trimEnd().split('\n');
  const many = Array.from({ length: COPIES }, (_, copy) =>
    pairs.map((line) => {
      const pair = JSON.parse(line) as { prompt: string };
      return JSON.stringify({ ...pair, prompt: `${copy} ${pair.prompt}` });
    }),
  );
  writeFileSync(join(folder, PAIRS), [head, ...many.flat()].join('\n'));
}
