import type { PlaygroundSettings } from '../../src/protocol/webview.js';
import { make, setText, show } from '../ui/make.js';
import { fieldValue, NUMBER_FIELDS, readField, samplingWords, withField, type NumberField } from './samplingFields.js';
import { thinkingField } from './thinkingField.js';
import type { Actions, Shown } from './viewState.js';

/** The button with the sampling in words, and the box that it opens. */
export function settingsPopover(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  const words = make('span', { class: 'sampling-words' });
  const button = make(
    'button',
    { type: 'button', class: 'plain', 'aria-controls': 'settings' },
    'Sampling',
    words,
    ' ▾',
  );
  const box = make('div', { id: 'settings', class: 'popover', role: 'dialog', 'aria-label': 'Sampling and prompt' });
  const element = make('div', { class: 'popover-anchor' }, button, box);
  let settings: PlaygroundSettings | null = null;
  const change = (next: (now: PlaygroundSettings) => PlaygroundSettings): void => {
    if (settings) actions.setSettings(next(settings));
  };
  const fields = NUMBER_FIELDS.map((field) =>
    numberField(field, (value) => {
      change((now) => withField(now, field, value));
    }),
  );
  const system = make('textarea', { class: 'input', rows: 3, placeholder: 'none' });
  system.addEventListener('change', () => {
    change((now) => ({ ...now, systemPrompt: system.value }));
  });
  const thinking = thinkingField((value) => {
    change((now) => ({ ...now, thinking: value }));
  });
  box.append(
    ...fields.map((field) => field.element),
    thinking.element,
    make('label', { class: 'field wide' }, make('span', {}, 'System prompt'), system),
  );

  const toggle = (open: boolean): void => {
    show(box, open);
    button.setAttribute('aria-expanded', String(open));
    if (open !== actions.state.settingsOpen) actions.keep({ settingsOpen: open });
  };
  toggle(actions.state.settingsOpen);
  button.addEventListener('click', () => {
    toggle(box.hidden);
    if (!box.hidden) box.querySelector('input')?.focus();
  });
  element.addEventListener('keydown', (event) => {
    if (event.key !== 'Escape' || box.hidden) return;
    // The change event of what has the focus comes before the box is gone.
    button.focus();
    toggle(false);
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (!box.hidden && target instanceof Node && !element.contains(target)) toggle(false);
  });

  return {
    element,
    update(shown) {
      settings = shown.settings;
      setText(words, `: ${samplingWords(settings)}`);
      for (const field of fields) field.update(settings);
      thinking.update(settings.thinking, shown.snapshot.model?.thinking);
      if (document.activeElement !== system) system.value = settings.systemPrompt;
    },
  };
}

function numberField(field: NumberField, change: (value: number) => void) {
  const id = `field-${field.name}`;
  const input = make('input', {
    id,
    class: 'input',
    type: 'number',
    min: field.min,
    max: field.max,
    step: field.step,
    'aria-describedby': `${id}-note`,
  });
  const note = make('small', { id: `${id}-note`, class: 'dim' }, field.hint);
  input.addEventListener('change', () => {
    const read = readField(field, input.value);
    const valid = typeof read === 'number';
    input.setAttribute('aria-invalid', String(!valid));
    note.classList.toggle('failure-text', !valid);
    setText(note, valid ? field.hint : read);
    if (valid) change(read);
  });
  return {
    element: make('div', { class: 'field' }, make('label', { for: id }, field.label), input, note),
    update(settings: PlaygroundSettings): void {
      // What is being typed, or was refused with a sentence, stays until it is put right.
      if (document.activeElement === input || input.getAttribute('aria-invalid') === 'true') return;
      const value = String(fieldValue(settings, field));
      if (input.value !== value) input.value = value;
    },
  };
}
