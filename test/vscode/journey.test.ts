import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Frame, Locator } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { installed } from './harness/packaged.js';
import { Server } from './harness/server.js';
import { sampleWorkspace, startBrowser, until, Workbench } from './harness/workbench.js';

/** What a user does from a pairs file to two different answers, with the package as it is installed. */
describe('from a pairs file to two different answers', () => {
  let server: Server;
  let browser: Browser;
  let workbench: Workbench;
  let folder: string;

  beforeAll(async () => {
    folder = sampleWorkspace(mkdtempSync(join(tmpdir(), 'steermoe-sample-')));
    server = await Server.start({ name: 'journey', extensions: installed });
    browser = await startBrowser();
    workbench = await Workbench.open(browser, server, folder, 'journey');
  });
  afterAll(async () => {
    await browser.close();
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  afterEach(async ({ task }) => {
    if (task.result?.state === 'fail') await workbench.shot('failed');
  });

  it('detects experts by a right-click on the pairs file and opens the heat map', async () => {
    await workbench.choose(workbench.row('digits-or-words.pairs.jsonl'), 'Detect Experts');
    // No model was ever chosen in this window.
    await workbench.pick('demo');
    await workbench.row('digits-or-words.experts.json').waitFor();
    await workbench.tab('digits-or-words.experts.json').waitFor();
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('heading', { level: 1 }).waitFor();
    await charts.getByRole('application').waitFor();
    await workbench.shot('charts');
    expect(await charts.locator('.bars > li').count()).toBeGreaterThan(3);
    expect(existsSync(join(folder, 'digits-or-words.experts.json'))).toBe(true);
  });

  it('sends the selected experts to the playground, where two answers differ', async () => {
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('button', { name: 'Playground' }).click();
    const playground = await workbench.view('Playground');
    // Beside the charts the column is narrow, and the switchboard folded.
    await playground.getByRole('button', { name: 'Switchboard' }).click();
    await playground.locator('.toggles').getByRole('radiogroup').first().waitFor();
    // Two and two of the defaults are too few to turn the demo's answer: the recipe of the demo takes eight and four.
    await playground.getByRole('slider', { name: /\bactivate/ }).fill('8');
    await playground.getByRole('slider', { name: /deactivate/ }).fill('4');
    await workbench.shot('playground');
    const { baseline, steered } = await ask(playground, 'How many legs does an ant have?');
    await workbench.shot('answers');
    expect(baseline).not.toBe('');
    expect(steered).not.toBe('');
    expect(steered).not.toBe(baseline);
  });

  it('steers otherwise after a toggle, and says that the answer before was made with an older plan', async () => {
    const playground = await workbench.view('Playground');
    const first = await answer(playground, 'steered').innerText();
    for (const group of (await playground.locator('.toggles').getByRole('radiogroup').all()).slice(0, 4))
      await group.getByRole('radio', { name: 'neutral' }).check({ force: true });
    await playground.getByRole('button', { name: 'Run again' }).first().waitFor();
    await workbench.shot('toggled');
    await playground.getByRole('button', { name: 'Run again' }).first().click();
    await until('the steered answer is another one', async () => {
      const now = await answer(playground, 'steered').innerText();
      return now !== '' && now !== first;
    });
    await workbench.shot('run-again');
  });

  it('says one sentence when the engine is killed in an answer, and answers the next prompt', async () => {
    const playground = await workbench.view('Playground');
    const before = await playground.locator('.answer.steered').count();
    const [engine] = server.engines();
    expect(engine).toBeDefined();
    // Stopped first: the demo model answers faster than a signal can be aimed.
    process.kill(engine!, 'SIGSTOP');
    await send(playground, 'How many legs does a spider have?');
    await until('the answer has begun', async () => (await playground.locator('.answer.steered').count()) > before);
    process.kill(engine!, 'SIGKILL');
    const failure = playground.getByText(/The engine stopped/).first();
    await failure.waitFor();
    await workbench.shot('engine-killed');
    const { steered } = await ask(playground, 'How many legs does a dog have?');
    expect(steered).not.toBe('');
    expect(server.engines()).not.toContain(engine);
    await workbench.shot('engine-back');
  });

  it('brings panels, lists and the conversation back after a reload of the window', async () => {
    const said = await answer(await workbench.view('Playground'), 'steered').innerText();
    await workbench.page.reload();
    await workbench.activityItem().waitFor();
    const playground = await workbench.view('Playground');
    await until(
      'the conversation is back',
      async () =>
        (await playground.locator('.answer.steered').count()) > 0 &&
        (await answer(playground, 'steered').innerText()) === said,
    );
    await workbench.tab('digits-or-words.experts.json').click();
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('application').waitFor();
    await workbench.shot('reloaded');
  });
});

/** The text of the newest answer. */
function answer(playground: Frame, side: 'baseline' | 'steered'): Locator {
  return playground.getByRole('group', { name: new RegExp(`^Text of the ${side} answer`) }).last();
}

async function send(playground: Frame, prompt: string): Promise<void> {
  await playground.getByRole('textbox', { name: 'Prompt', exact: true }).fill(prompt);
  await playground.getByRole('button', { name: 'Send', exact: true }).click();
}

/** Sends a prompt and waits for the end of both answers. */
async function ask(playground: Frame, prompt: string): Promise<{ baseline: string; steered: string }> {
  const turns = await playground.locator('.answer.steered').count();
  await send(playground, prompt);
  await until('the answers have begun', async () => (await playground.locator('.answer.steered').count()) > turns);
  await until(
    'the answers have ended',
    async () => (await playground.locator('.answer[aria-busy=true]').count()) === 0,
  );
  return {
    baseline: await answer(playground, 'baseline').innerText(),
    steered: await answer(playground, 'steered').innerText(),
  };
}
