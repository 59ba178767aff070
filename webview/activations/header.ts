import type { ExpertsFile } from '../../src/core/statistics/expertStatistics.js';
import { counted, thousands } from '../ui/figures.js';
import { make, setText, type Component } from '../ui/make.js';
import { menuButton } from '../ui/menuButton.js';
import { button } from '../ui/toolkit.js';

export interface HeaderActions {
  openPlayground(): void;
  savePlan(): void;
  openAsText(): void;
  copySelected(): void;
  export(format: 'png' | 'svg' | 'csv'): void;
}

/** What this list is, in one line, and what can be done with it. */
export function header(actions: HeaderActions): Component<ExpertsFile> {
  const name = make('h1');
  const about = make('p', { class: 'dim about' });
  const save = (label: string, format: 'png' | 'svg' | 'csv') => ({
    label,
    run: () => {
      actions.export(format);
    },
  });
  const exports = menuButton('Export', [
    save('Heat map as PNG…', 'png'),
    save('Heat map as SVG…', 'svg'),
    save('All experts as CSV…', 'csv'),
    { label: 'Copy the selected experts', run: actions.copySelected.bind(actions) },
    { label: 'Open as text', run: actions.openAsText.bind(actions) },
  ]);
  const element = make(
    'header',
    { class: 'header' },
    make('div', { class: 'title' }, name, about),
    make(
      'div',
      { class: 'actions' },
      exports,
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
