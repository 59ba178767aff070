import { make } from './make.js';

let region: HTMLElement | null = null;

/** Says a sentence to screen readers; a new one replaces one that was not read yet. */
export function announce(sentence: string): void {
  region ??= document.body.appendChild(make('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' }));
  region.textContent = sentence;
}
