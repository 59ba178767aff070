import { counted, expertName } from '../ui/figures.js';
import { make, setText, show, type Component } from '../ui/make.js';
import type { ListView } from './listView.js';

const NAMED = 8;

/** The experts that the plan leaves out because their layer has no room for them. */
export function droppedNote(): Component<ListView> {
  const element = make('p', { class: 'dropped', role: 'status' });
  return {
    element,
    update({ dropped, file: { model } }) {
      show(element, dropped.length > 0);
      const names = dropped.slice(0, NAMED).map(({ expert }) => expertName(expert));
      const more = dropped.length > NAMED ? ` and ${dropped.length - NAMED} more` : '';
      setText(
        element,
        `${counted(dropped.length, 'expert')} left out, as a layer activates at most ${model.expertsPerToken} and keeps as ` +
          `many undeactivated: ${names.join(', ')}${more}.`,
      );
    },
  };
}
