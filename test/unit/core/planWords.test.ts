import { describe, expect, it } from 'vitest';
import { NEW_BOARD } from '../../../src/core/plans/board.js';
import type { SteeringFile, SteeringPlan } from '../../../src/core/plans/plan.js';
import { planFileWords, planWords, switchedWords } from '../../../src/core/plans/planWords.js';

const LABELS = { a: 'digits', b: 'words' };
const PLAN: SteeringPlan = {
  mode: { kind: 'paper' },
  activated: [
    { layer: 0, expert: 1 },
    { layer: 1, expert: 2 },
  ],
  deactivated: [{ layer: 0, expert: 3 }],
};

describe('a plan in words', () => {
  it('has a true minus, never a hyphen, wherever it is said', () => {
    const file: SteeringFile = {
      version: 1,
      model: { architecture: 'olmoe', layers: 2, experts: 4, expertsPerToken: 2, tensors: 'x', name: 'm' },
      plan: PLAN,
      origin: { label: 'digits' },
    };
    expect(switchedWords(8, 4)).toBe('+8 \u22124');
    expect(planWords({ ...NEW_BOARD, on: 2, off: 1 }, PLAN, LABELS)).toBe('toward digits +2 \u22121');
    expect(planFileWords(file)).toBe('toward digits +2 \u22121');
    expect(planFileWords({ ...file, origin: { toward: 'b' } })).toBe('toward b +2 \u22121');
    expect(planFileWords({ version: 1, model: file.model, plan: PLAN })).toBe('+2 \u22121');
  });

  it('says what was set by hand and how strongly it is steered', () => {
    const board = { ...NEW_BOARD, mode: { kind: 'soft', strength: 1.5 } as const, byHand: [] };
    expect(planWords(board, PLAN, LABELS)).toBe('toward digits +4 \u22124, soft 1.5');
    const hand = { ...board, byHand: [{ layer: 0, expert: 1, state: 'activated' as const }] };
    expect(planWords(hand, PLAN, LABELS)).toBe('toward digits +4 \u22124, 1 by hand, soft 1.5');
    expect(planWords(hand, PLAN, undefined)).toBe('+2 \u22121 by hand, soft 1.5');
  });

  it('says when nothing is switched', () => {
    expect(planWords(NEW_BOARD, { ...PLAN, activated: [], deactivated: [] }, LABELS)).toBe('no expert is switched');
  });
});
