import type { Page } from 'playwright-core';
import { expect } from 'vitest';

type Color = [red: number, green: number, blue: number];

declare module 'vitest' {
  interface Matchers<T> {
    /** Each channel of a colour within `by` of the expected one. */
    toBeNear(color: readonly number[], by: number): T;
  }
}

expect.extend({
  toBeNear(color: number[], expected: readonly number[], by: number) {
    const near = color.every((channel, i) => Math.abs(channel - expected[i]!) <= by);
    return { pass: near, message: () => `rgb(${color.join()}) is not within ${by} of rgb(${expected.join()})` };
  },
});

/**
 * Where a cell of the heat map stands on the page, found by what a person sees: the ring that hovering puts around it.
 * `off` moves from its centre by a share of the cell, past the sign of a switched expert.
 */
export async function cellCenter(
  page: Page,
  row: number,
  expert: number,
  { layers, experts }: { layers: number; experts: number },
  off = 0,
): Promise<{ x: number; y: number }> {
  const canvas = page.getByRole('application');
  await canvas.focus();
  for (const key of ['Control+End', 'Home']) await page.keyboard.press(key);
  const first = await ring(page);
  for (const key of ['Control+Home', 'End']) await page.keyboard.press(key);
  const last = await ring(page);
  await page.evaluate('document.activeElement.blur()');
  const x = first.x + ((last.x - first.x) * expert) / (experts - 1);
  const y = first.y + ((last.y - first.y) * row) / (layers - 1);
  return { x: x + off * first.width, y: y + off * first.height };
}

async function ring(page: Page): Promise<{ x: number; y: number; width: number; height: number }> {
  const { x, y, width, height } = (await page.locator('.cell-ring').boundingBox())!;
  return { x: x + width / 2, y: y + height / 2, width, height };
}

/** The colour that the canvas shows at a point of the page. */
export function pixelAt(page: Page, { x, y }: { x: number; y: number }): Promise<Color> {
  return page.evaluate<Color>(`(() => {
    const canvas = document.querySelector('canvas[role=application]');
    const { left, top, width } = canvas.getBoundingClientRect();
    const scale = canvas.width / width;
    const pixel = canvas.getContext('2d').getImageData((${x} - left) * scale, (${y} - top) * scale, 1, 1);
    return [...pixel.data.slice(0, 3)];
  })()`);
}
