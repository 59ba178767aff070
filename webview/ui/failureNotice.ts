import type { Failure } from '../../src/protocol/webview.js';
import { make, setText, show, type Component } from './make.js';
import { button } from './toolkit.js';

/** What failed and why, what to do next, and the button that does it where there is one. */
export function failureNotice(action?: { label: string; run: () => void }): Component<Failure | null> {
  const message = make('p', { class: 'failure-text' });
  const next = make('p');
  const element = make('div', { class: 'failure', role: 'alert' }, message, next);
  if (action) element.append(button({ label: action.label, kind: 'primary', onClick: action.run }));
  element.hidden = true;
  return {
    element,
    update(failure) {
      show(element, failure !== null);
      setText(message, failure?.message ?? '');
      setText(next, failure?.next ?? '');
    },
  };
}
