import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';
import type { SteeringPlan } from '../../src/core/plans/plan.js';
import { allTurns } from './allTurns.js';
import { boardViews, rankedLists, shapeOf } from './boardView.js';
import { composer } from './composer.js';
import { conversation } from './conversation.js';
import { make } from '../ui/make.js';
import { switchboard } from './switchboard.js';
import { tokenInspector, type InspectedAnswer } from './tokenInspector.js';
import { planOfKey } from './tokenRouting.js';
import { topBar } from './topBar.js';
import type { Actions, Shown } from './viewState.js';
import type { HeldValue } from '../ui/heldValue.js';
import type { Board } from '../../src/core/plans/board.js';
import type { PlaygroundSettings } from '../../src/protocol/webview.js';

export interface Held {
  board: HeldValue<Board>;
  settings: HeldValue<PlaygroundSettings>;
}

/** The whole of the playground, drawn from a snapshot and what is held over it. */
export function playground(actions: Actions, held: Held) {
  const listOf = rankedLists();
  const viewOf = boardViews();
  let snapshot: PlaygroundSnapshot | null = null;
  const inspector = tokenInspector(actions, {
    moeLayers: () => snapshot?.model?.moeLayers ?? snapshot?.list?.file.model.moeLayers ?? [],
    planFor: (answer) => planFor(snapshot, answer),
  });
  const bar = topBar(actions);
  const board = switchboard(actions);
  const turns = conversation(actions, inspector);
  const input = composer(actions, () => {
    turns.pin();
  });
  const talk = make('main', { class: 'talk' }, turns.element, input.element);
  return {
    elements: [bar.element, make('div', { class: 'panes' }, board.element, talk), inspector.element],
    update(next: PlaygroundSnapshot): void {
      snapshot = next;
      const shape = shapeOf(next);
      const list = listOf(next.list);
      const shown: Shown = {
        snapshot: next,
        settings: held.settings.shown(next.settings),
        view: viewOf(held.board.shown(next.board), shape, list),
      };
      for (const part of [bar, board, turns, input]) part.update(shown);
    },
  };
}

/**
 * What a token's experts are compared with: the plan that the steered answer of its turn was made with. On the baseline
 * it shows where the unsteered model selects experts that the plan switches.
 */
function planFor(snapshot: PlaygroundSnapshot | null, { turn, planKey }: InspectedAnswer): SteeringPlan {
  const steered = snapshot && allTurns(snapshot).find(({ id }) => id === turn)?.steered;
  return planOfKey(steered?.planKey ?? planKey());
}
