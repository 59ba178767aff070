import { expertToggles } from './expertToggles.js';
import { make, setText, show } from '../ui/make.js';
import { planControls } from '../ui/planControls.js';
import { sliderReach } from '../ui/sliderReach.js';
import { switchHeatMap } from './switchHeatMap.js';
import type { Actions, Shown } from './viewState.js';

const NO_LIST =
  'No list of experts: they are switched by hand, without figures. Detect experts on a prompt-pairs file to see which ones carry a behaviour.';

/** The experts as switches, the ranking's first, and the controls behind them. */
export function switchboard(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  const fold = make('button', { type: 'button', class: 'plain fold', 'aria-controls': 'switchboard' });
  const sentence = make('p', { class: 'dim' }, NO_LIST);
  const dropped = make('ul', { class: 'dropped', 'aria-label': 'Experts that found no room' });
  const heatMap = switchHeatMap(actions);
  const controls = planControls(
    (board) => {
      actions.setBoard(board);
    },
    {
      open: actions.state.moreOpen,
      keep: (moreOpen) => {
        actions.keep({ moreOpen });
      },
    },
  );
  let controlled: Shown['view'] = null;
  const toggles = expertToggles(actions);
  const body = make(
    'div',
    { id: 'switchboard', class: 'switchboard-body' },
    sentence,
    heatMap.element,
    dropped,
    controls.element,
    toggles.element,
  );
  const element = make('aside', { class: 'switchboard', 'aria-label': 'Switchboard' }, fold, body);
  const narrow = matchMedia('(max-width: 720px)');
  const isFolded = (): boolean => actions.state.folded ?? narrow.matches;
  const showFold = (): void => {
    const folded = isFolded();
    show(body, !folded);
    element.classList.toggle('folded', folded);
    fold.setAttribute('aria-expanded', String(!folded));
    setText(fold, `${folded ? '▸' : '▾'} Switchboard`);
  };
  narrow.addEventListener('change', showFold);
  fold.addEventListener('click', () => {
    actions.keep({ folded: !isFolded() });
    showFold();
  });
  showFold();

  return {
    element,
    update(shown) {
      const { snapshot, view } = shown;
      show(sentence, view !== null && view.list === null);
      element.classList.toggle('no-list', view?.list === null);
      show(element, view !== null);
      const words = snapshot.dropped.join('\n');
      show(dropped, words !== '');
      if (dropped.dataset['words'] !== words) {
        dropped.dataset['words'] = words;
        dropped.replaceChildren(...snapshot.dropped.map((line) => make('li', {}, line)));
      }
      heatMap.update(shown);
      if (view && view !== controlled) {
        const { board, list, shape } = view;
        controls.update({
          board,
          moeLayers: shape.moeLayers,
          reach: sliderReach(board, list?.statistics ?? []),
          labels: list?.labels ?? null,
        });
      }
      controlled = view;
      toggles.update(shown);
    },
  };
}
