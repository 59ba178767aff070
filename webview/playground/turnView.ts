import type { AnswerSide, Turn } from '../../src/protocol/webview.js';
import { answerView, type AnswerView } from './answerView.js';
import { commonFailure, failureWords, isBehind } from './answerWords.js';
import type { RankedList } from './boardView.js';
import { sideLabels } from './boardWords.js';
import { make, setAttribute, setText, show } from '../ui/make.js';
import { button } from '../ui/toolkit.js';
import { start } from './start.js';
import { pairChooser } from './pairChooser.js';
import { promptView } from './promptView.js';
import type { TokenInspector } from './tokenInspector.js';
import type { Actions, Shown } from './viewState.js';

export interface TurnView {
  element: HTMLElement;
  /** Whether an answer's text grew. */
  update(turn: Turn, shown: Shown): boolean;
}

const SIDES: readonly AnswerSide[] = ['baseline', 'steered'];

/** A prompt with its two answers side by side, and what can be done with them. */
export function turnView(id: number, actions: Actions, inspector: TokenInspector): TurnView {
  let running = false;
  // What still runs would be dropped: it is stopped first, so that a change of the board can be seen at once.
  const afterStop = async (ask: () => Promise<unknown>): Promise<void> => {
    if (running) await actions.ask('stop', null);
    await ask();
  };
  const again = (): void => {
    start(afterStop(() => actions.ask('regenerate', { turn: id })));
  };
  const prompt = promptView(id, actions, (text) => {
    start(afterStop(() => actions.ask('editTurn', { turn: id, prompt: text })));
  });
  const edit = make('button', { type: 'button', class: 'plain' }, 'Edit');
  const regenerate = make('button', { type: 'button', class: 'plain' }, 'Regenerate');
  const runAgain = button({ label: 'Run again', onClick: again });
  const chooser = pairChooser(id, actions);
  const behind = make('p', { class: 'behind' }, make('span', {}, '≠ changed plan since this answer'), runAgain);
  const answers = make('div', { class: 'answers' });
  const failed = make('p', { class: 'failure-text' });
  const views = new Map<AnswerSide, AnswerView>();
  edit.addEventListener('click', () => {
    prompt.edit();
  });
  regenerate.addEventListener('click', again);

  const answer = (side: AnswerSide, turn: Turn): boolean => {
    const value = turn[side];
    const failureAbove = commonFailure(turn) !== null;
    const view = views.get(side);
    if (!value) {
      view?.element.remove();
      views.delete(side);
      return false;
    }
    if (view) return view.update(value, failureAbove);
    const fresh = answerView(id, side, actions, inspector);
    views.set(side, fresh);
    if (side === 'baseline') answers.prepend(fresh.element);
    else answers.append(fresh.element);
    fresh.update(value, failureAbove);
    return true;
  };

  const actionsRow = make('div', { class: 'turn-actions' }, regenerate, edit, chooser.element);
  const element = make('article', { class: 'turn' }, prompt.element, failed, answers, behind, actionsRow);

  let drawn: { turn: Turn; planKey: string; list: RankedList | null } | null = null;

  return {
    element,
    update(turn, { snapshot: { answering, planKey }, view }) {
      running = answering !== null;
      const list = view?.list ?? null;
      // A turn that has ended is the same object in every snapshot: while another one streams there is nothing to do.
      if (drawn?.turn === turn && drawn.planKey === planKey && drawn.list === list) return false;
      drawn = { turn, planKey, list };
      prompt.update(turn.prompt);
      setAttribute(element, 'aria-label', `Turn: ${turn.prompt.slice(0, 60)}`);
      chooser.update(turn, sideLabels(list));
      const failure = commonFailure(turn);
      show(failed, failure !== null);
      setText(failed, failureWords(failure));
      // Two empty boxes would push the sentence out of sight.
      show(answers, failure === null || SIDES.some((side) => turn[side]?.text !== ''));
      show(behind, turn.steered !== null && isBehind('steered', turn.steered, planKey));
      const grew = SIDES.map((side) => answer(side, turn));
      return grew.some(Boolean);
    },
  };
}
