import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';
import { make, setText, show } from '../ui/make.js';
import { button } from '../ui/toolkit.js';
import { start } from './start.js';
import { onEnter } from './onEnter.js';
import { readiness } from './readiness.js';
import type { Actions, Shown } from './viewState.js';

/** Where a prompt is written; what keeps it from being sent is said, with the button that helps. */
export function composer(actions: Actions, sent: () => void): { element: HTMLElement; update(shown: Shown): void } {
  const area = make('textarea', {
    class: 'input',
    rows: 2,
    'aria-label': 'Prompt',
    'aria-describedby': 'composer-reason',
    placeholder: 'Prompt (Enter sends, Shift+Enter: new line)',
  });
  area.value = actions.state.draft;
  const send = button({
    label: 'Send',
    kind: 'primary',
    onClick: () => {
      // The button goes as soon as the answer begins.
      area.focus();
      start(submit());
    },
  });
  const stop = button({
    label: 'Stop',
    onClick: () => {
      area.focus();
      start(actions.ask('stop', null));
    },
  });
  const reason = make('span', { id: 'composer-reason', role: 'status' });
  const choose = button({
    label: 'Choose a model',
    kind: 'primary',
    onClick: () => {
      start(actions.ask('chooseModel', null));
    },
  });
  const restart = button({
    label: 'Restart engine',
    kind: 'primary',
    onClick: () => {
      start(actions.ask('restartEngine', null));
    },
  });
  const why = make('div', { class: 'row reason' }, reason, choose, restart);
  const element = make('div', { class: 'composer' }, why, make('div', { class: 'write' }, area, send, stop));
  let can = false;
  let taken: number | null = null;

  /** A prompt that the host typed: it does not write over what a person wrote. */
  const take = ({ draft }: PlaygroundSnapshot): void => {
    if (!draft || draft.id === taken) return;
    taken = draft.id;
    if (area.value === '') {
      area.value = draft.prompt;
      actions.keep({ draft: draft.prompt });
      area.focus();
    }
    start(actions.ask('draftTaken', null));
  };
  const submit = async (): Promise<void> => {
    const prompt = area.value;
    if (!can || prompt.trim() === '') return;
    area.value = '';
    actions.keep({ draft: '' });
    sent();
    const done = await actions.ask('send', { prompt });
    // What could not be sent is not lost, unless something else has been written meanwhile.
    if (done === undefined && area.value === '') {
      area.value = prompt;
      actions.keep({ draft: prompt });
    }
  };
  onEnter(area, () => {
    start(submit());
  });
  area.addEventListener('input', () => {
    actions.keep({ draft: area.value });
    send.disabled = !can || area.value.trim() === '';
  });

  return {
    element,
    update({ snapshot }) {
      const now = readiness(snapshot);
      take(snapshot);
      can = now.can === 'send';
      send.disabled = !can || area.value.trim() === '';
      show(stop, snapshot.answering !== null);
      show(send, snapshot.answering === null);
      show(choose, now.can === 'choose-model');
      show(restart, now.can === 'restart');
      show(why, now.words !== '');
      why.classList.toggle('failure', now.can === 'restart');
      setText(reason, now.words);
    },
  };
}
