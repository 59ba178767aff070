import { afterAll, expect, test } from 'vitest';
import { NEW_BOARD } from '../../src/core/plans/board.js';
import type { ActivationsContract } from '../../src/protocol/webview.js';
import { snapshotOf } from './activationsPage.js';
import { closeBrowser, openWebview } from './fakeHost.js';
import { large } from './fixtures/expertsFiles.js';

afterAll(closeBrowser);

// Printed, not asserted: shared machines stall by seconds.
test('48 x 128 experts: opening, updating and hovering', async () => {
  const host = await openWebview<ActivationsContract>('activations', { handlers: { setBoard: () => ({ ok: null }) } });
  const { page } = host;
  const snapshot = JSON.stringify(snapshotOf(large(), { board: { ...NEW_BOARD, on: 16, off: 16 } }));
  // From the message's arrival to the second frame after it: data worked out, drawn and shown.
  const open = await page.evaluate<number>(`new Promise((done) => {
    const message = { kind: 'snapshot', fields: ${snapshot} };
    const start = performance.now();
    window.dispatchEvent(new MessageEvent('message', { data: message }));
    window.scriptTime = performance.now() - start;
    requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
  })`);
  const script = await page.evaluate<number>('window.scriptTime');
  const updates = await page.evaluate<number[]>(`(async () => {
    const slider = document.querySelector('input[aria-label="Experts to activate"]');
    const times = [];
    for (let i = 0; i < 40; i++) {
      slider.value = String(1 + (i % 16));
      const start = performance.now();
      slider.dispatchEvent(new Event('input', { bubbles: true }));
      times.push(performance.now() - start);
      await new Promise(requestAnimationFrame);
    }
    return times;
  })()`);
  const hovers = await page.evaluate<number[]>(`(async () => {
    const canvas = document.querySelector('canvas[role=application]');
    const { left, top, width, height } = canvas.getBoundingClientRect();
    const times = [];
    for (let i = 0; i < 120; i++) {
      const start = performance.now();
      canvas.dispatchEvent(new PointerEvent('pointermove', {
        clientX: left + width * (0.1 + 0.8 * (i / 120)), clientY: top + height * (0.1 + 0.6 * ((i * 7 % 40) / 40)), bubbles: true }));
      document.querySelector('.tooltip').getBoundingClientRect();
      times.push(performance.now() - start);
      if (i % 10 === 9) await new Promise(requestAnimationFrame);
    }
    return times;
  })()`);
  const figures = (times: number[]): string => {
    const sorted = times.toSorted((x, y) => x - y);
    const at = (share: number): string => sorted[Math.floor((sorted.length - 1) * share)]!.toFixed(1);
    return `median ${at(0.5)} ms, 95 % under ${at(0.95)} ms`;
  };
  console.log(`48 x 128 opens in ${open.toFixed(0)} ms (script ${script.toFixed(0)} ms)`);
  console.log(`slider to all charts drawn: ${figures(updates)}`);
  console.log(`hover with layout: ${figures(hovers)}`);
  expect(host.errors).toEqual([]);
  await host.close();
});
