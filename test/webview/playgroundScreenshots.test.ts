import { afterAll, test } from 'vitest';
import { NEW_BOARD, setByHand } from '../../src/core/plans/board.js';
import { closeBrowser } from './fakeHost.js';
import { large } from './fixtures/expertsFiles.js';
import { answerOf, countingTurn, openPlayground, playgroundSnapshot } from './playgroundPage.js';
import { THEMES, type ThemeName } from './themes.js';

const artifacts = 'test/webview/artifacts';

afterAll(closeBrowser);

const board = setByHand({ ...NEW_BOARD, on: 3 }, { layer: 1, expert: 30 }, 'deactivated');
const { planKey } = playgroundSnapshot({ board });
const older = countingTurn(playgroundSnapshot().planKey);
const running = {
  id: 2,
  prompt: 'And from 9 to 12, one per line, please?',
  baseline: answerOf('Nine,\nten,\n', { state: 'running' }),
  steered: answerOf('9,\n10,\n11', { state: 'running', planKey, planWords: 'toward digits +3 −2, 1 by hand' }),
};
const part = { board, turns: [older], answering: running, dropped: ['L3·E12 is left out: layer 3 is full.'] };

test.for(Object.keys(THEMES) as ThemeName[])('pictures of the playground in %s', async (theme) => {
  // The first token selects experts that the older plan switches.
  const handlers = {
    tokenExperts: () => ({ ok: { experts: [5, 9, 11, 2, 11, 3, 8, 20, 29, 1, 14, 6, 17, 4, 30, 2] } }),
  };
  const { page, close } = await openPlayground({ theme, part, handlers });
  await page.getByRole('group', { name: 'Text of the steered answer' }).first().focus();
  await page.keyboard.press('ArrowRight');
  await page.locator('.token-popup').waitFor();
  await page.screenshot({ path: `${artifacts}/playground-${theme}.png` });
  await close();
});

test('pictures of the settings, of a narrow column, of no list and of failures', async () => {
  const thinker = {
    ...playgroundSnapshot().model!,
    thinking: { variable: 'enable_thinking', modes: ['off' as const, 'on' as const] },
  };
  const part = { turns: [older], model: thinker };
  const settings = await openPlayground({ theme: 'light', state: { settingsOpen: true }, part });
  await settings.page.screenshot({ path: `${artifacts}/playground-settings.png` });
  await settings.close();

  const size = { width: 420, height: 860 };
  const narrow = await openPlayground({ theme: 'dark', size, part: { turns: [older] } });
  await narrow.page.screenshot({ path: `${artifacts}/playground-narrow.png` });
  await narrow.page.getByRole('button', { name: 'Switchboard' }).click();
  await narrow.page.screenshot({ path: `${artifacts}/playground-narrow-open.png` });
  await narrow.close();

  const byHand = { ...NEW_BOARD, byHand: [{ layer: 2, expert: 9, state: 'activated' as const }] };
  const bare = await openPlayground({ theme: 'light', part: { list: null, lists: [], plans: [], board: byHand } });
  await bare.page.screenshot({ path: `${artifacts}/playground-no-list.png` });
  await bare.close();

  const list = { fileName: 'large.experts.json', file: large() };
  const { model } = playgroundSnapshot({ list });
  const big = await openPlayground({
    theme: 'dark',
    part: { list, model, turns: [older] },
    handlers: { tokenExperts: () => ({ ok: { experts: Array.from({ length: 384 }, (_, i) => (i * 37) % 128) } }) },
  });
  await big.page.getByRole('group', { name: 'Text of the steered answer' }).hover({ position: { x: 14, y: 16 } });
  await big.page.locator('.token-popup').waitFor();
  await big.page.screenshot({ path: `${artifacts}/playground-large.png` });
  await big.close();

  const failure = {
    reason: 'engine-crashed' as const,
    message: 'The engine ended while it loaded demo (signal SIGKILL): the machine ran out of memory.',
    next: 'Close other programs or choose a smaller model, then restart the engine.',
  };
  const failed = await openPlayground({
    theme: 'dark',
    part: {
      engine: { state: 'failed', words: 'failed', failure },
      turns: [{ ...older, steered: answerOf('3, 4', { state: 'failed', failure, planWords: 'toward digits +2 −2' }) }],
    },
  });
  await failed.page.screenshot({ path: `${artifacts}/playground-failed.png` });
  await failed.close();
});
