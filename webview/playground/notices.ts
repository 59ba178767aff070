import type { Failure } from '../../src/protocol/webview.js';
import { make, setText, show } from '../ui/make.js';

/** One line for what a request failed with (sentence and next step) or what was done; closed by hand. */
export function notices(): { element: HTMLElement; fail(failure: Failure): void; tell(words: string): void } {
  const alert = make('span', { role: 'alert' });
  const status = make('span', { role: 'status' });
  const close = make('button', { type: 'button', class: 'plain', 'aria-label': 'Close this message' }, '✕');
  const element = make('div', { class: 'notice' }, alert, status, close);
  element.hidden = true;
  const say = (words: { alert: string; status: string }): void => {
    element.classList.toggle('failure', words.alert !== '');
    show(element, true);
    setText(alert, words.alert);
    setText(status, words.status);
  };
  close.addEventListener('click', () => {
    show(element, false);
    setText(alert, '');
    setText(status, '');
  });
  return {
    element,
    fail: ({ message, next }) => {
      say({ alert: `${message} ${next}`, status: '' });
    },
    tell: (words) => {
      say({ alert: '', status: words });
    },
  };
}
