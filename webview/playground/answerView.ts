import type { AnswerSide, SideAnswer } from '../../src/protocol/webview.js';
import { answerText, type AnswerText } from './answerText.js';
import { endWords, failureWords, figuresWords, stateWords } from './answerWords.js';
import { make, setAttribute, setText, show } from '../ui/make.js';
import { start } from './start.js';
import type { TokenInspector } from './tokenInspector.js';
import type { Actions } from './viewState.js';

export interface AnswerView {
  element: HTMLElement;
  /**
   * Whether the text grew.
   * @param failureAbove why it failed is said for both answers together
   */
  update(answer: SideAnswer, failureAbove: boolean): boolean;
}

/** One answer: what made it, its text as it streams, its figures. */
export function answerView(turn: number, side: AnswerSide, actions: Actions, inspector: TokenInspector): AnswerView {
  const plan = make('span', { class: 'dim' });
  const copy = make('button', { type: 'button', class: 'plain', 'aria-label': `Copy the ${side} answer` }, 'Copy');
  const text: AnswerText = answerText();
  const failure = make('p', { class: 'failure-text' });
  const figures = make('span', { class: 'figures' });
  const state = make('span', { class: 'state' });
  const element = make(
    'section',
    { class: `answer ${side}`, 'aria-label': `${side} answer` },
    make('header', {}, make('strong', {}, side), plan),
    text.element,
    failure,
    make('footer', {}, figures, state, copy),
  );
  let answer: SideAnswer | null = null;
  setAttribute(text.element, 'tabindex', 0);
  setAttribute(text.element, 'role', 'group');
  setAttribute(text.element, 'aria-label', `Text of the ${side} answer: arrow keys show the experts of each token`);
  inspector.watch(text, { turn, side, ends: () => answer?.tokenEnds ?? [], planKey: () => answer?.planKey ?? '' });
  copy.addEventListener('click', () => {
    start(
      actions.ask('copy', { text: answer?.text ?? '' }).then((done) => {
        if (done !== undefined) actions.announce(`${side} answer copied`);
      }),
    );
  });

  return {
    element,
    update(next, failureAbove) {
      const ended = answer?.state === 'running' && next.state !== 'running';
      answer = next;
      const grew = text.show(next.text);
      setText(plan, side === 'steered' ? next.planWords : '');
      setText(figures, figuresWords(next));
      setText(state, stateWords(next));
      element.classList.toggle('running', next.state === 'running');
      setAttribute(element, 'aria-busy', next.state === 'running' ? 'true' : undefined);
      show(copy, next.text !== '');
      show(failure, next.failure !== null && !failureAbove);
      setText(failure, failureWords(next.failure));
      if (ended) actions.announce(endWords(side, next));
      return grew;
    },
  };
}
