import { make, setAttribute, show } from './make.js';

export interface MenuEntry {
  label: string;
  run(): void;
}

let menus = 0;

/**
 * A button that opens a short list of things to do. Down opens it as well; arrows, Home and End move in it; Escape, Tab or
 * a click elsewhere close it, and Escape and a choice give the focus back to the button.
 */
export function menuButton(label: string, entries: readonly MenuEntry[]): HTMLElement {
  const id = `menu-${++menus}`;
  const button = make('button', { type: 'button', class: 'menu-button', 'aria-haspopup': 'menu', 'aria-controls': id });
  button.append(label, make('span', { 'aria-hidden': 'true' }, ' ▾'));
  const items = entries.map((entry) => {
    const item = make('button', { type: 'button', role: 'menuitem', tabindex: -1 }, entry.label);
    item.addEventListener('click', () => {
      open(false);
      button.focus();
      entry.run();
    });
    return item;
  });
  const menu = make('div', { id, class: 'menu', role: 'menu', 'aria-label': label }, ...items);
  const element = make('div', { class: 'menu-anchor' }, button, menu);

  function open(opened: boolean): void {
    show(menu, opened);
    setAttribute(button, 'aria-expanded', String(opened));
    // It hangs from the button's right end, where that leaves it in the window.
    menu.classList.remove('from-left');
    if (opened) menu.classList.toggle('from-left', menu.getBoundingClientRect().left < 0);
  }
  const opened = (): boolean => !menu.hidden;
  open(false);
  button.addEventListener('click', () => {
    open(!opened());
    if (opened()) items[0]?.focus();
  });
  element.addEventListener('keydown', (event) => {
    if (!opened()) {
      if (event.key !== 'ArrowDown') return;
      open(true);
      items[0]?.focus();
    } else {
      const at = items.findIndex((item) => item === document.activeElement);
      const to = { ArrowDown: at + 1, ArrowUp: Math.max(at, 0) - 1, Home: 0, End: -1 }[event.key];
      if (event.key === 'Escape') {
        open(false);
        button.focus();
      } else if (to === undefined) return;
      else items.at(to % items.length)?.focus();
    }
    event.preventDefault();
  });
  element.addEventListener('focusout', ({ relatedTarget }) => {
    if (relatedTarget instanceof Node && !element.contains(relatedTarget)) open(false);
  });
  document.addEventListener('pointerdown', ({ target }) => {
    if (opened() && target instanceof Node && !element.contains(target)) open(false);
  });
  return element;
}
