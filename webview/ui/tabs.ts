import { make, setAttribute, show } from './make.js';

/** Tabs with their panels: arrow keys, Home and End move between tabs; only the chosen one is a stop of the Tab key. */
export function tabs<V extends string>(
  name: string,
  panels: readonly { value: V; label: string; element: HTMLElement }[],
  onChange: (value: V) => void,
): { element: HTMLElement; update(chosen: V): void } {
  const list = make('div', { role: 'tablist', 'aria-label': name, class: 'tabs' });
  const entries = panels.map(({ value, label, element }) => {
    const id = `tab-${value}`;
    const tab = make('button', { type: 'button', role: 'tab', id, 'aria-controls': `panel-${value}` }, label);
    tab.addEventListener('click', () => {
      onChange(value);
    });
    for (const [attribute, text] of [
      ['id', `panel-${value}`],
      ['role', 'tabpanel'],
      ['aria-labelledby', id],
    ] as const)
      element.setAttribute(attribute, text);
    return { value, tab, element };
  });
  list.append(...entries.map(({ tab }) => tab));
  list.addEventListener('keydown', (event) => {
    const at = entries.findIndex(({ tab }) => tab === document.activeElement);
    const to = { ArrowLeft: at - 1, ArrowRight: at + 1, Home: 0, End: -1 }[event.key];
    if (at < 0 || to === undefined) return;
    event.preventDefault();
    const next = entries.at(to % entries.length)!;
    next.tab.focus();
    onChange(next.value);
  });
  return {
    element: list,
    update(chosen) {
      for (const { value, tab, element } of entries) {
        setAttribute(tab, 'aria-selected', String(value === chosen));
        tab.tabIndex = value === chosen ? 0 : -1;
        show(element, value === chosen);
      }
    },
  };
}
