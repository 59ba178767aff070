import type { ExpertId } from '../../src/core/plans/plan.js';
import { expertName } from '../ui/figures.js';
import { make, setAttribute, setText } from '../ui/make.js';
import { STATE_SIGNS, STATE_WORDS, type SwitchState } from '../ui/words.js';

/** The switch of one expert in a list: its sign and a short word; a press goes to the next state. */
export function stateButton(press: (expert: ExpertId) => void) {
  const sign = make('span');
  const word = make('span');
  const element = make('button', { type: 'button', class: 'plain state' }, sign, ' ', word);
  let expert: ExpertId | null = null;
  element.addEventListener('click', () => {
    if (expert) press(expert);
  });
  return {
    element,
    update({ layer, expert: index }: ExpertId, state: SwitchState): void {
      expert = { layer, expert: index };
      setText(sign, STATE_SIGNS[state]);
      setText(word, STATE_WORDS[state]);
      const short = STATE_WORDS[state];
      const words = short === '' ? state : `${short}: ${state}`;
      setAttribute(element, 'aria-label', `${expertName(expert)} ${words}, press to switch`);
      element.dataset['state'] = state;
    },
  };
}
