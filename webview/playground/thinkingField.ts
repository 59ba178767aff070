import type { ThinkingSwitch, ThinkingWish } from '../../src/core/thinking.js';
import { make, setText, show } from '../ui/make.js';
import { dropdown } from '../ui/toolkit.js';

const LABELS: Record<ThinkingWish, string> = {
  off: 'Off, as in the paper',
  on: 'On',
  low: 'Low',
  medium: 'Medium',
  high: 'High',
  model: 'As the model’s template does',
};

/** How the model thinks before it answers; hidden for a model whose thinking cannot be switched. */
export function thinkingField(change: (value: ThinkingWish) => void) {
  const choice = dropdown('Thinking', (value) => {
    change(value as ThinkingWish);
  });
  const note = make('small', { id: 'thinking-note', class: 'dim' });
  choice.element.setAttribute('aria-describedby', 'thinking-note');
  const element = make(
    'div',
    { class: 'field wide' },
    make('span', { 'aria-hidden': true }, 'Thinking'),
    choice.element,
    note,
  );
  return {
    element,
    update(wish: ThinkingWish, can: ThinkingSwitch | undefined): void {
      show(element, can !== undefined);
      if (!can) return;
      const modes: ThinkingWish[] = [...can.modes, 'model'];
      choice.update(
        modes.includes(wish) ? wish : 'model',
        modes.map((value) => ({ value, label: LABELS[value] })),
      );
      setText(
        note,
        `Off by default, as in the paper: answers then begin where detection compared them. Switched by ${can.variable}.`,
      );
    },
  };
}
