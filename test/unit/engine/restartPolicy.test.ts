import { expect, it } from 'vitest';
import { RestartPolicy } from '../../../src/engine/restartPolicy.js';

const MINUTE = 60_000;

it('allows four crashes within three minutes and no fifth start', () => {
  let policy = new RestartPolicy();
  for (const at of [0, 1000, 2000]) policy = policy.crashed(at);
  expect(policy.mayStart(2000)).toBe(true);
  policy = policy.crashed(3000);
  expect(policy.mayStart(3000)).toBe(false);
});

it('forgets a crash after three minutes', () => {
  let policy = new RestartPolicy();
  for (const at of [0, 1000, 2000, 3000]) policy = policy.crashed(at);
  expect(policy.mayStart(3 * MINUTE - 1)).toBe(false);
  expect(policy.mayStart(3 * MINUTE)).toBe(true);
});

it('does not change when it is asked or told', () => {
  const policy = new RestartPolicy();
  policy.crashed(0);
  expect(policy.mayStart(0)).toBe(true);
});
