import { describe, expect, it } from 'vitest';
import { NEW_BOARD, type Board } from '../../../src/core/plans/board.js';
import type { ExpertsFile } from '../../../src/core/statistics/expertStatistics.js';
import { boardView, boardViews, rankedLists, shapeOf } from '../../../webview/playground/boardView.js';
import { cycled, hasNoRoom, switchState } from '../../../webview/ui/switching.js';
import { boardWords } from '../../../webview/playground/boardWords.js';
import { expertRows } from '../../../webview/playground/topExperts.js';
import { sliderReach } from '../../../webview/ui/sliderReach.js';

const shape = { architecture: 'qwen3moe', name: 'tiny', moeLayers: [1, 3], layers: 4, experts: 4, expertsPerToken: 1 };

/** Risk differences: layer 1: +.8 +.4 -.6 0; layer 3: -.9 +.2 0 0. */
function file(): ExpertsFile {
  return {
    version: 1,
    name: 'Digits or words',
    labels: { a: 'digits', b: 'words' },
    model: { ...shape, fingerprint: { ...shape, tensors: 'f00' } },
    pairs: { file: 'p.pairs.jsonl', fingerprint: 'abc', count: 2 },
    options: { replicates: 10 },
    tokens: { a: 10, b: 10 },
    counts: { a: [8, 4, 0, 1, 0, 2, 3, 3], b: [0, 0, 6, 1, 9, 0, 3, 3] },
    statistics: { low: Array<number>(8).fill(-1), high: Array<number>(8).fill(1), q: [0, 0, 0, 1, 0, 0.2, 1, 1] },
  };
}

function viewOf(board: Partial<Board>) {
  return boardView({ ...NEW_BOARD, on: 1, off: 1, ...board }, shape, rankedLists()({ fileName: 'x', file: file() }));
}

describe('the board as the playground shows it', () => {
  it('goes through neutral, activated, deactivated, neutral', () => {
    let view = viewOf({});
    const expert = { layer: 3, expert: 3 };
    const seen = [switchState(view, expert)];
    for (let i = 0; i < 3; i++) {
      view = boardView(cycled(view, expert), shape, view.list);
      seen.push(switchState(view, expert));
    }
    expect(seen).toEqual(['neutral', 'activated', 'deactivated', 'neutral']);
    expect(view.board.byHand).toEqual([]);
  });

  it('keeps neutral by hand where the ranking would switch the expert', () => {
    const first = { layer: 1, expert: 0 };
    const view = viewOf({});
    expect(switchState(view, first)).toBe('activated');
    const off = boardView(cycled(view, first), shape, view.list);
    expect(switchState(off, first)).toBe('deactivated');
    expect(cycled(off, first).byHand).toEqual([{ ...first, state: 'neutral' }]);
  });

  it('does not stick at an expert that its layer has no room for', () => {
    const byHand = [{ layer: 1, expert: 1, state: 'activated' as const }];
    const second = { layer: 1, expert: 3 };
    const view = viewOf({ on: 0, byHand: [...byHand, { ...second, state: 'activated' as const }] });
    expect(hasNoRoom(view, second)).toBe(true);
    expect(switchState(boardView(cycled(view, second), shape, view.list), second)).toBe('deactivated');
  });

  it('ranks a list once, however many snapshots hold it', () => {
    const listOf = rankedLists();
    const list = { fileName: 'x', file: file() };
    const one = listOf(list);
    expect(listOf(list)).toBe(one);
    expect(listOf(null)).toBeNull();
    const view = boardViews();
    expect(view(NEW_BOARD, shape, one)).toBe(view({ ...NEW_BOARD }, { ...shape }, one));
    expect(view(NEW_BOARD, shape, one)).not.toBe(view({ ...NEW_BOARD, on: 3 }, shape, one));
  });

  it('takes its shape from the list, else from the model', () => {
    const model = { name: 'm', summary: '', moeLayers: [0, 1], experts: 8, expertsPerToken: 2 };
    expect(shapeOf({ model, list: { fileName: 'x', file: file() } })?.experts).toBe(4);
    expect(shapeOf({ model, list: null })).toMatchObject({ experts: 8, layers: 2 });
    expect(shapeOf({ model: null, list: null })).toBeNull();
  });
});

describe('the list of top experts', () => {
  it('has the first of the ranking and all that is switched, in rank order', () => {
    const view = viewOf({ byHand: [{ layer: 3, expert: 3, state: 'deactivated' }] });
    const rows = expertRows(view, 2);
    expect(rows.map(({ key, state, byHand }) => [key, state, byHand])).toEqual([
      ['3.0', 'deactivated', false],
      ['1.0', 'activated', false],
      ['3.3', 'deactivated', true],
    ]);
    expect(rows[0]?.figures).toMatchObject({ riskDifference: '−0.90', leansTo: 'b' });
    expect(rows[0]?.figures?.facts).toContain('words: selected by 9 of 10 tokens, 90.0 %');
  });

  it('leaves out what the layers and the q-value leave out', () => {
    const rows = expertRows(viewOf({ layers: [3, 3], maxQ: 0.05 }), 10);
    expect(rows.map(({ key }) => key)).toEqual(['3.0']);
  });

  it('has sliders that reach as far as experts lean each way, and to what is set', () => {
    const reach = (board: Partial<Board>) => {
      const view = viewOf(board);
      return sliderReach(view.board, view.list!.statistics);
    };
    expect(reach({})).toEqual({ on: 3, off: 2 });
    expect(reach({ toward: 'b' })).toEqual({ on: 2, off: 3 });
    expect(reach({ layers: [3, 3], on: 0 })).toEqual({ on: 1, off: 1 });
    expect(reach({ layers: [3, 3], on: 9 })).toEqual({ on: 9, off: 1 });
    expect(sliderReach({ ...NEW_BOARD, on: 0, off: 0 }, [])).toEqual({ on: 0, off: 0 });
    const many = Array.from({ length: 6144 }, (_, i) => ({ ...viewOf({}).list!.statistics[0]!, expert: i }));
    expect(sliderReach(NEW_BOARD, many).on).toBe(308);
  });

  it('shows what is set by hand where there is no list', () => {
    const board: Board = { ...NEW_BOARD, byHand: [{ layer: 1, expert: 2, state: 'activated' }] };
    const rows = expertRows(boardView(board, shape, null), 10);
    expect(rows).toMatchObject([{ key: '1.2', state: 'activated', figures: null }]);
  });
});

describe('words', () => {
  it('say the plan', () => {
    expect(boardWords(viewOf({}))).toBe('toward digits +1 −1');
    const byHand = [{ layer: 3, expert: 3, state: 'activated' as const }];
    expect(boardWords(viewOf({ toward: 'b', byHand }))).toBe('toward words +1 −1, 1 by hand');
    expect(boardWords(viewOf({ mode: { kind: 'soft', strength: 2 } }))).toBe('toward digits +1 −1, soft 2');
    expect(boardWords(boardView({ ...NEW_BOARD, byHand }, shape, null))).toBe('+1 −0 by hand');
    expect(boardWords(viewOf({ on: 0, off: 0 }))).toBe('no expert is switched');
  });
});
