import { describe, expect, it } from 'vitest';
import { TransferPace } from '../../../src/engine/process/download/transferPace.js';

describe('the pace of a download', () => {
  const at = { now: 0 };
  const paceFrom = (now: number) => {
    at.now = now;
    return new TransferPace(() => at.now);
  };

  it('is told after half a second, and counts nothing that an earlier run brought', () => {
    const pace = paceFrom(7_000);
    expect(pace.of(900, 2_000)).toEqual({ bytesPerSecond: 0, secondsLeft: null });
    at.now += 400;
    expect(pace.of(940, 2_000)).toEqual({ bytesPerSecond: 0, secondsLeft: null });
    at.now += 600;
    expect(pace.of(1_000, 2_000)).toEqual({ bytesPerSecond: 100, secondsLeft: 10 });
  });

  it('is that of the last ten seconds', () => {
    const pace = paceFrom(0);
    let done = 0;
    for (const [seconds, each] of [
      [20, 1_000],
      [10, 50],
    ] as const)
      for (let second = 0; second < seconds; second++) {
        pace.of(done, 1e6);
        at.now += 1_000;
        done += each;
      }
    expect(pace.of(done, done + 100)).toEqual({ bytesPerSecond: 50, secondsLeft: 2 });
  });

  it('keeps a few of many reports, and never runs backwards', () => {
    const pace = paceFrom(0);
    for (let i = 0; i < 100_000; i++) {
      pace.of(i, 0);
      at.now += 1;
    }
    expect(pace.of(100_000, 0)).toEqual({ bytesPerSecond: 1_000, secondsLeft: null });
    at.now += 5_000;
    expect(pace.of(10, 100)).toEqual({ bytesPerSecond: 0, secondsLeft: null });
  });
});
