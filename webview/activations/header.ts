import type { ExpertsFile } from '../../src/core/statistics/expertStatistics.js';
import { counted, thousands } from '../ui/figures.js';
import { make, setText, type Component } from '../ui/make.js';
import { button } from '../ui/toolkit.js';

export interface HeaderActions {
  openPlayground(): void;
  savePlan(): void;
  openAsText(): void;
  export(format: 'png' | 'svg' | 'csv'): void;
}

/** What this list is, in one line, and what can be done with it. */
export function header(actions: HeaderActions): Component<ExpertsFile> {
  const name = make('h1');
  const about = make('p', { class: 'dim about' });
  const exports = (['png', 'svg', 'csv'] as const).map((format) =>
    button({
      label: format.toUpperCase(),
      name: `Export as ${format.toUpperCase()}`,
      onClick: () => {
        actions.export(format);
      },
    }),
  );
  const element = make(
    'header',
    { class: 'header' },
    make('div', { class: 'title' }, name, about),
    make(
      'div',
      { class: 'actions' },
      make('span', { class: 'group', role: 'group', 'aria-label': 'Export' }, 'Export', ...exports),
      button({ label: 'Open as text', onClick: actions.openAsText.bind(actions) }),
      button({ label: 'Save plan', onClick: actions.savePlan.bind(actions) }),
      button({ label: 'Playground', kind: 'primary', onClick: actions.openPlayground.bind(actions) }),
    ),
  );
  return {
    element,
    update({ name: title, model, pairs, tokens, labels }) {
      setText(name, title);
      setText(
        about,
        `${model.name} (${counted(model.moeLayers.length, 'layer')} × ${counted(model.experts, 'expert')}, ` +
          `top-${model.expertsPerToken}) · ${counted(pairs.count, 'pair')} · ` +
          `${thousands(tokens.a)} tokens ${labels.a}, ${thousands(tokens.b)} tokens ${labels.b}`,
      );
    },
  };
}
