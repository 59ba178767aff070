import { describe, expect, it, vi } from 'vitest';
import { HeldValue } from '../../../webview/ui/heldValue.js';

describe('a value held until the host shows it', () => {
  it('outlasts snapshots that were sent before the change', async () => {
    let answer: (taken: boolean) => void = () => undefined;
    const held = new HeldValue<number>(() => new Promise((resolve) => (answer = resolve)));
    const change = held.change(5);
    held.snapshotArrived();
    expect(held.shown(1)).toBe(5);
    answer(true);
    await change;
    expect(held.shown(1)).toBe(5);
    held.snapshotArrived();
    expect(held.shown(6)).toBe(6);
  });

  it('is let go when it is refused', async () => {
    const held = new HeldValue<number>(() => Promise.resolve(false));
    await held.change(5);
    expect(held.shown(1)).toBe(1);
  });

  it('is sent one at a time, the newest after the one on its way', async () => {
    const sent: number[] = [];
    const answers: ((taken: boolean) => void)[] = [];
    const held = new HeldValue<number>((value) => {
      sent.push(value);
      return new Promise((resolve) => answers.push(resolve));
    });
    const first = held.change(1);
    void held.change(2);
    const last = held.change(3);
    expect(sent).toEqual([1]);
    answers[0]!(true);
    await vi.waitFor(() => {
      expect(sent).toEqual([1, 3]);
    });
    held.snapshotArrived();
    expect(held.shown(1)).toBe(3);
    answers[1]!(true);
    await Promise.all([first, last]);
    held.snapshotArrived();
    expect(held.shown(3)).toBe(3);
    void held.change(4);
    expect(sent).toEqual([1, 3, 4]);
  });

  it('is the newest that decides, where one before it was refused', async () => {
    const held = new HeldValue<number>((value) => Promise.resolve(value !== 1));
    await Promise.all([held.change(1), held.change(2)]);
    expect(held.shown(0)).toBe(2);
  });
});
