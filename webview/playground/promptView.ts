import { make, setText, show } from '../ui/make.js';
import { button } from '../ui/toolkit.js';
import { onEnter } from './onEnter.js';
import type { Actions } from './viewState.js';

export interface PromptView {
  element: HTMLElement;
  edit(): void;
  update(prompt: string): void;
}

/** A turn's prompt; it is edited in place. */
export function promptView(turn: number, actions: Actions, changed: (prompt: string) => void): PromptView {
  const text = make('p', { class: 'prompt-text' });
  const area = make('textarea', { class: 'input', rows: 2, 'aria-label': 'Edit the prompt' });
  const save = button({
    label: 'Answer again',
    kind: 'primary',
    onClick: () => {
      submit();
    },
  });
  const cancel = button({
    label: 'Cancel',
    onClick: () => {
      close();
    },
  });
  const note = make('span', { class: 'dim' }, 'The turns after it are dropped.');
  const form = make('div', { class: 'prompt-edit' }, area, make('div', { class: 'row' }, save, cancel, note));
  form.hidden = true;
  let prompt = '';

  const open = (draft: string): void => {
    area.value = draft;
    show(form, true);
    show(text, false);
  };
  const close = (): void => {
    actions.keep({ edit: null });
    show(form, false);
    show(text, true);
  };
  const submit = (): void => {
    const next = area.value.trim();
    if (next === '') return;
    close();
    changed(next);
  };
  onEnter(area, submit);
  area.addEventListener('input', () => {
    actions.keep({ edit: { turn, prompt: area.value } });
  });
  area.addEventListener('keydown', (event) => {
    if (event.key === 'Escape') close();
  });
  if (actions.state.edit?.turn === turn) open(actions.state.edit.prompt);

  return {
    element: make('div', { class: 'prompt' }, make('strong', {}, 'you'), text, form),
    edit() {
      open(prompt);
      actions.keep({ edit: { turn, prompt } });
      area.focus();
      area.select();
    },
    update(next) {
      prompt = next;
      setText(text, next);
    },
  };
}
