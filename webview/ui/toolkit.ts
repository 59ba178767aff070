/**
 * The only user of @vscode/webview-ui-toolkit: a successor would replace this file. Its styles come as adopted style
 * sheets, which a CSP without 'unsafe-inline' allows; its badge and progress ring, which write style attributes, stay out.
 */
import {
  provideVSCodeDesignSystem,
  vsCodeButton,
  vsCodeCheckbox,
  vsCodeDropdown,
  vsCodeOption,
  vsCodeRadio,
  vsCodeRadioGroup,
  vsCodeTextArea,
  vsCodeTextField,
  type Button,
  type Checkbox,
  type Dropdown,
  type Radio,
  type RadioGroup,
  type TextArea,
  type TextField,
} from '@vscode/webview-ui-toolkit';
import { make, setText } from './make.js';

provideVSCodeDesignSystem().register(
  vsCodeButton(),
  vsCodeCheckbox(),
  vsCodeDropdown(),
  vsCodeOption(),
  vsCodeRadio(),
  vsCodeRadioGroup(),
  vsCodeTextArea(),
  vsCodeTextField(),
);

interface Elements {
  'vscode-button': Button;
  'vscode-checkbox': Checkbox;
  'vscode-dropdown': Dropdown;
  'vscode-option': HTMLElement;
  'vscode-radio': Radio;
  'vscode-radio-group': RadioGroup;
  'vscode-text-area': TextArea;
  'vscode-text-field': TextField;
}

function create<K extends keyof Elements>(tag: K, attributes: Record<string, string> = {}): Elements[K] {
  const element = document.createElement(tag) as Elements[K];
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  return element;
}

/** `name` is for screen readers, where the label alone says too little. */
export function button(options: {
  label: string;
  kind?: 'primary' | 'secondary' | 'icon';
  name?: string;
  onClick(): void;
}): Button {
  const { label, kind = 'secondary', name } = options;
  const element = create('vscode-button', { appearance: kind });
  if (name !== undefined) element.setAttribute('aria-label', name);
  element.textContent = label;
  element.addEventListener('click', () => {
    if (!element.disabled) options.onClick();
  });
  return element;
}

export function checkbox(label: string, onChange: (checked: boolean) => void): Checkbox {
  const element = create('vscode-checkbox');
  element.textContent = label;
  element.addEventListener('change', () => {
    onChange(element.checked);
  });
  return element;
}

/** Radios in a row; `update` names them and chooses one without calling back. */
export function radios<V extends string>(name: string, values: readonly V[], onChange: (value: V) => void) {
  const element = create('vscode-radio-group', { 'aria-label': name });
  const options = values.map((value) => {
    const radio = create('vscode-radio', { value });
    radio.dataset['value'] = value;
    return { value, radio };
  });
  element.append(...options.map(({ radio }) => radio));
  let shown: V | null = null;
  element.addEventListener('change', () => {
    const chosen = options.find(({ value }) => value === element.value)?.value;
    if (chosen === undefined || chosen === shown) return;
    shown = chosen;
    onChange(chosen);
  });
  return {
    element,
    update(chosen: V, labels: Record<V, string>): void {
      shown = chosen;
      for (const { value, radio } of options) {
        setText(radio, labels[value]);
        radio.setAttribute('aria-label', labels[value]);
      }
      if (element.value !== chosen) element.value = chosen;
    },
  };
}

interface Option {
  value: string;
  label: string;
}

/**
 * A list to choose from; `update` fills it and chooses one without calling back. Until someone comes to choose it holds the
 * chosen option alone: an option is an element with a template of its own, and two lists of 48 layers would cost more than
 * the heat map.
 */
export function dropdown(name: string, onChange: (value: string) => void) {
  const element = create('vscode-dropdown', { 'aria-label': name });
  let filled = '';
  let wanted: { chosen: string; options: readonly Option[] } = { chosen: '', options: [] };
  let visited = false;
  const fill = (options: readonly Option[]): void => {
    const key = JSON.stringify(options);
    if (key === filled) return;
    filled = key;
    element.replaceChildren(
      ...options.map(({ value, label }) => {
        const option = create('vscode-option', { value });
        option.textContent = label;
        return option;
      }),
    );
  };
  const visit = (): void => {
    if (visited) return;
    visited = true;
    fill(wanted.options);
    element.value = wanted.chosen;
  };
  for (const event of ['pointerenter', 'pointerdown', 'focusin']) element.addEventListener(event, visit);
  element.addEventListener('change', () => {
    if (visited) onChange(element.value);
  });
  return {
    element,
    update(chosen: string, options: readonly Option[]): void {
      wanted = { chosen, options };
      fill(visited ? options : options.filter(({ value }) => value === chosen));
      if (element.value !== chosen) element.value = chosen;
    },
  };
}

/**
 * Calls back when the text is committed: Enter, or the focus leaves. The toolkit takes a field's name from its content and
 * overwrites any other; base.css hides it.
 */
export function textField(name: string, options: { size?: number; onChange(value: string): void }): TextField {
  const element = create('vscode-text-field');
  element.textContent = name;
  if (options.size !== undefined) element.setAttribute('size', String(options.size));
  element.addEventListener('change', () => {
    options.onChange(element.value);
  });
  return element;
}

export function textArea(name: string, options: { rows?: number; onInput(value: string): void }): TextArea {
  const element = create('vscode-text-area', { rows: String(options.rows ?? 3) });
  element.textContent = name;
  element.addEventListener('input', () => {
    options.onInput(element.value);
  });
  return element;
}

/** A range slider with its number beside it; the toolkit has none, so this is the browser's, in VS Code's colours. */
export function slider(label: string, name: string, onInput: (value: number) => void) {
  const input = make('input', { type: 'range', min: 0, step: 1, 'aria-label': name });
  const output = make('output');
  input.addEventListener('input', () => {
    output.textContent = input.value;
    onInput(Number(input.value));
  });
  return {
    element: make('label', { class: 'control' }, make('span', { class: 'label' }, label), input, output),
    input,
    update(value: number, range: { min?: number; max: number; step?: number }): void {
      input.min = String(range.min ?? 0);
      input.max = String(range.max);
      input.step = String(range.step ?? 1);
      if (input.value !== String(value)) input.value = String(value);
      setText(output, String(value));
    },
  };
}
