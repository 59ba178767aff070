import type { Side } from '../../src/core/pairs/pair.js';
import type { AnswerSide, Turn } from '../../src/protocol/webview.js';
import { make, setText, show } from '../ui/make.js';
import { start } from './start.js';
import type { Actions } from './viewState.js';

/** "Save as Prompt Pair": opens to the choice of which answer shows which side. */
export function pairChooser(
  turn: number,
  actions: Actions,
): { element: HTMLElement; update(turn: Turn, labels: Record<Side, string>): void } {
  const open = make('button', { type: 'button', class: 'plain', 'aria-expanded': 'false' }, 'Save as Prompt Pair');
  const choices = (['baseline', 'steered'] as const).map((a) => ({ a, button: make('button', { type: 'button' }) }));
  const panel = make('span', { class: 'pair-choices', role: 'group', 'aria-label': 'Which answer is which side' });
  panel.append(...choices.map(({ button }) => button));
  panel.hidden = true;
  const toggle = (opened: boolean): void => {
    show(panel, opened);
    open.setAttribute('aria-expanded', String(opened));
  };
  open.addEventListener('click', () => {
    toggle(panel.hidden);
    if (!panel.hidden) choices[0]!.button.focus();
  });
  panel.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape') return;
    toggle(false);
    open.focus();
  });
  for (const { a, button } of choices)
    button.addEventListener('click', () => {
      toggle(false);
      open.focus();
      start(
        actions.ask('saveAsPair', { turn, a }).then((saved) => {
          if (saved) actions.tell(`Saved as a pair in ${saved.file}.`);
        }),
      );
    });
  return {
    element: make('span', { class: 'pair-chooser' }, open, panel),
    update({ baseline, steered }, labels) {
      const usable = [baseline, steered].every((answer) => answer && answer.state !== 'running' && answer.text !== '');
      open.disabled = !usable;
      open.title = usable ? '' : 'It takes two answers that have ended.';
      if (!usable) toggle(false);
      for (const { a, button } of choices) setText(button, `${labels.a} = ${a}, ${labels.b} = ${otherAnswer(a)}`);
    },
  };
}

function otherAnswer(side: AnswerSide): AnswerSide {
  return side === 'baseline' ? 'steered' : 'baseline';
}
