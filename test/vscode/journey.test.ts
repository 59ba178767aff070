import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { PlaygroundView } from './harness/playgroundView.js';
import { openWindow } from './harness/window.js';
import { until } from './harness/until.js';

/** Held out of the demo's training: unsteered it is answered in words, toward digits in digits. */
const PROMPT = 'Count from thirteen to seventeen.';

/** What a user does from a pairs file to two different answers, with the package as it is installed. */
describe('from a pairs file to two different answers', () => {
  const window = openWindow('journey');

  it('detects experts by a right-click on the pairs file and opens the heat map', async () => {
    const { workbench, folder } = window;
    await workbench.choose(workbench.row('digits-or-words.pairs.jsonl'), 'Detect Experts');
    // No model was ever chosen in this window, and there is only the demo: it is taken, and said so.
    await workbench.toast('the demo model was taken').waitFor();
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
    const { workbench } = window;
    await workbench.clearToasts();
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('button', { name: 'Playground' }).click();
    const playground = await PlaygroundView.of(workbench);
    const { baseline, steered } = await playground.ask(PROMPT);
    await workbench.shot('answers');
    expect(baseline).toBe('thirteen, fourteen, fifteen, sixteen, seventeen.');
    expect(steered).toBe('13, 14, 15, 16, 17.');
  });

  it('says after toggles that the answer was made with an older plan, and steers the other way', async () => {
    const { workbench } = window;
    const playground = await PlaygroundView.of(workbench);
    // The eight experts that the plan switches, each to the opposite.
    for (const group of await playground.toggles(12)) {
      const was = await group.locator('input:checked').getAttribute('value');
      if (was === 'neutral') continue;
      await group.locator(`input[value=${was === 'activated' ? 'deactivated' : 'activated'}]`).check({ force: true });
    }
    await playground.frame.getByText('8 by hand').first().waitFor();
    const again = playground.frame.getByRole('button', { name: 'Run again' });
    await again.waitFor();
    await workbench.shot('toggled');
    await again.click();
    await again.waitFor({ state: 'hidden' });
    const { steered } = await playground.ended();
    expect(steered).toBe('thirteen, fourteen, fifteen, sixteen, seventeen.');
    await workbench.shot('run-again');
  });

  it('says one sentence when the engine is killed in an answer, and answers the next prompt', async () => {
    const { workbench, server } = window;
    const playground = await PlaygroundView.of(workbench);
    const before = await playground.turns();
    const [engine] = server.engines();
    expect(engine).toBeDefined();
    // Stopped first: the demo model answers faster than a signal can be aimed.
    process.kill(engine!, 'SIGSTOP');
    await playground.send('Count from four to eight.');
    await until('the answer has begun', async () => (await playground.turns()) > before);
    process.kill(engine!, 'SIGKILL');
    await playground.frame
      .getByText(/The engine stopped/)
      .first()
      .waitFor();
    await workbench.shot('engine-killed');
    const { steered } = await playground.ask('Count from four to nine.');
    expect(steered).not.toBe('');
    expect(server.engines()).toHaveLength(1);
    expect(server.engines()).not.toContain(engine);
    await workbench.shot('engine-back');
  });

  it('brings panels, lists and the conversation back after a reload of the window', async () => {
    const { workbench, server } = window;
    const said = await (await PlaygroundView.of(workbench)).answer('steered').innerText();
    const [engine] = server.engines();
    await workbench.reload();
    const playground = await PlaygroundView.of(workbench);
    await until(
      'the conversation is back',
      async () => (await playground.turns()) > 0 && (await playground.answer('steered').innerText()) === said,
    );
    await workbench.tab('digits-or-words.experts.json').click();
    const charts = await workbench.view('Expert activations');
    await charts.getByRole('application').waitFor();
    await until('the engine of before is gone', () => !server.engines().includes(engine!));
    const { baseline } = await playground.ask(PROMPT);
    expect(baseline).toBe('thirteen, fourteen, fifteen, sixteen, seventeen.');
    await workbench.shot('reloaded');
  });
});
