import { expect } from 'vitest';
import type { ActivationsContract } from '../../src/protocol/webview.js';
import { openCharts } from './activationsPage.js';
import type { FakeHost } from './fakeHost.js';

/** Runs a test on the charts; an error of the page or a violation of its policy fails the test. */
export async function onCharts(
  work: (host: FakeHost<ActivationsContract>) => Promise<void>,
  options?: Parameters<typeof openCharts>[0],
): Promise<void> {
  const host = await openCharts(options);
  try {
    await work(host);
    expect(host.errors).toEqual([]);
  } finally {
    await host.close();
  }
}
