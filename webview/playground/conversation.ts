import { allTurns } from './allTurns.js';
import { make, setText, show } from '../ui/make.js';
import { scrollPin } from './scrollPin.js';
import type { TokenInspector } from './tokenInspector.js';
import { turnView, type TurnView } from './turnView.js';
import type { Actions, Shown } from './viewState.js';

/** The turns, oldest first, in an element that scrolls. */
export function conversation(
  actions: Actions,
  inspector: TokenInspector,
): { element: HTMLElement; update(shown: Shown): void; pin(): void } {
  const empty = make('p', { class: 'empty' });
  const list = make('div', { class: 'turns' });
  const element = make('div', { class: 'conversation', tabindex: 0, role: 'region', 'aria-label': 'Conversation' });
  element.append(empty, list);
  const views = new Map<number, TurnView>();
  const pin = scrollPin(element, actions.state.scrollTop, (scrollTop) => {
    actions.keep({ scrollTop });
    inspector.close();
  });

  return {
    element,
    pin: () => {
      pin.pin();
    },
    update(shown) {
      const { settings } = shown.snapshot;
      const turns = allTurns(shown.snapshot);
      let changed = false;
      for (const [id, view] of views) {
        if (turns.some((turn) => turn.id === id)) continue;
        view.element.remove();
        views.delete(id);
        changed = true;
      }
      for (const turn of turns) {
        let view = views.get(turn.id);
        if (!view) {
          view = turnView(turn.id, actions, inspector);
          views.set(turn.id, view);
          list.append(view.element);
          changed = true;
        }
        changed = view.update(turn, shown) || changed;
      }
      show(empty, turns.length === 0);
      const words = settings.compare
        ? 'Write a prompt: the model answers it twice, side by side: as it is (baseline), and with the switched experts (steered).'
        : 'Write a prompt: the model answers it with the switched experts. Compare adds its answer without them.';
      setText(empty, words);
      if (changed) pin.grown();
    },
  };
}
