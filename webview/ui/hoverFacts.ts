import { tooltip } from './tooltip.js';

/**
 * A tooltip with what is known of the row under the pointer or with the focus; Escape hides it. `container` must be
 * positioned; `factsOf` gives the lines of one of its rows.
 */
export function hoverFacts(
  container: HTMLElement,
  rows: string,
  factsOf: (row: HTMLElement) => readonly string[] | null,
): void {
  const tip = tooltip(container);
  let current: HTMLElement | null = null;
  const showAt = (row: HTMLElement | null): void => {
    if (row === current) return;
    current = row;
    const facts = row && factsOf(row);
    if (!row || !facts) {
      tip.hide();
      return;
    }
    const { left, top, width, height } = row.getBoundingClientRect();
    const outer = container.getBoundingClientRect();
    tip.show(facts, { left: left - outer.left, top: top - outer.top, width, height });
  };
  const rowOf = (target: EventTarget | null): HTMLElement | null =>
    target instanceof Element ? target.closest<HTMLElement>(rows) : null;
  container.addEventListener('pointerover', ({ target }) => {
    showAt(rowOf(target));
  });
  container.addEventListener('pointerleave', () => {
    showAt(null);
  });
  container.addEventListener('focusin', ({ target }) => {
    if (target instanceof Element && target.matches(':focus-visible')) showAt(rowOf(target));
  });
  container.addEventListener('focusout', () => {
    showAt(null);
  });
  container.addEventListener('click', () => {
    // What was pressed may be another thing now.
    const row = current;
    current = null;
    showAt(row);
  });
  container.addEventListener('keydown', ({ key }) => {
    if (key === 'Escape') showAt(null);
  });
}
