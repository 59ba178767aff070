import type { PlaygroundSnapshot } from '../../src/protocol/webview.js';
import { boardWords } from './boardWords.js';
import { make, setAttribute, setText, show } from '../ui/make.js';
import { button, checkbox, dropdown } from '../ui/toolkit.js';
import { settingsPopover } from './settingsPopover.js';
import { start } from './start.js';
import type { Actions, Shown } from './viewState.js';

/** Which model, list and plan; the plan in words; the settings of the answers. */
export function topBar(actions: Actions): { element: HTMLElement; update(shown: Shown): void } {
  const model = make('button', { type: 'button', class: 'plain strong' });
  // What is chosen is the host's to say, by its next snapshot: until then the dropdown shows what was.
  const list = dropdown('Expert list', (uri) => {
    if (uri !== NONE) start(actions.ask('chooseList', { uri }));
    actions.redraw();
  });
  const plan = dropdown('Load a plan', (uri) => {
    if (uri !== NONE) start(actions.ask('loadPlan', { uri }));
    actions.redraw();
  });
  const words = make('span', { class: 'plan-words' });
  const save = button({
    label: 'Save plan',
    onClick: () => {
      start(
        actions.ask('savePlan', null).then((saved) => {
          if (saved) actions.tell(`Saved the plan in ${saved.file}.`);
        }),
      );
    },
  });
  const compare = checkbox('Compare', (checked) => {
    // The toolkit's checkbox also calls back when it is set from here.
    if (shown && shown.settings.compare !== checked) actions.setSettings({ ...shown.settings, compare: checked });
  });
  const clear = make('button', { type: 'button', class: 'plain' }, 'Clear');
  const settings = settingsPopover(actions);
  let shown: Shown | null = null;

  model.addEventListener('click', () => {
    start(actions.ask('chooseModel', null));
  });
  clear.addEventListener('click', () => {
    start(actions.ask('clear', null));
  });

  return {
    element: make(
      'header',
      { class: 'top-bar' },
      model,
      list.element,
      words,
      save,
      plan.element,
      make('span', { class: 'spacer' }),
      settings.element,
      compare,
      clear,
    ),
    update(next) {
      shown = next;
      const { snapshot, view } = next;
      setText(model, snapshot.model?.name ?? 'Choose a model');
      setAttribute(model, 'title', snapshot.model?.summary);
      setAttribute(model, 'aria-label', snapshot.model ? `Model ${snapshot.model.name}: choose another` : undefined);
      list.update(...listChoice(snapshot));
      plan.update(NONE, [
        { value: NONE, label: 'load a plan' },
        ...snapshot.plans.map(({ uri, label }) => ({ value: uri, label })),
      ]);
      list.element.disabled = snapshot.lists.length === 0;
      show(plan.element, snapshot.plans.length > 0);
      setText(words, view ? boardWords(view) : '');
      setAttribute(words, 'title', words.textContent);
      save.disabled = !view || view.plan.activated.length + view.plan.deactivated.length === 0;
      compare.checked = next.settings.compare;
      clear.disabled = snapshot.turns.length === 0 && !snapshot.answering;
      settings.update(next);
    },
  };
}

const NONE = 'none';

/** The dropdown of lists: what is shown now stands first where it is not one of them. */
function listChoice({ list, lists }: PlaygroundSnapshot): [string, { value: string; label: string }[]] {
  const options = lists.map(({ uri, label }) => ({ value: uri, label }));
  const file = list?.fileName;
  const chosen = file && lists.find(({ uri, label }) => label === file || uri.endsWith(`/${file}`));
  if (chosen) return [chosen.uri, options];
  return [NONE, [{ value: NONE, label: file ?? (lists.length === 0 ? 'no list' : 'by hand, no list') }, ...options]];
}
