/**
 * Makes many buttons one stop of the Tab key: arrows, Home and End move between them. `perRow` says how many stand in a
 * row, where Up and Down go to the next one. Call `refresh` when buttons came or went; a focus that went with them is put
 * on the one that stands in its place.
 */
export function roving(container: HTMLElement, selector: string, perRow: () => number = () => 1) {
  let current = 0;
  const items = (): HTMLElement[] => [...container.querySelectorAll<HTMLElement>(selector)];
  const refresh = (): void => {
    const all = items();
    current = Math.max(0, Math.min(all.length - 1, current));
    for (const [i, item] of all.entries()) item.tabIndex = i === current ? 0 : -1;
  };
  container.addEventListener('focusin', ({ target }) => {
    const at = items().indexOf(target as HTMLElement);
    if (at < 0 || at === current) return;
    current = at;
    refresh();
  });
  container.addEventListener('keydown', (event) => {
    const all = items();
    const row = perRow();
    const to = {
      ArrowLeft: current - 1,
      ArrowRight: current + 1,
      ArrowUp: current - row,
      ArrowDown: current + row,
      Home: 0,
      End: all.length - 1,
    }[event.key];
    if (to === undefined || !all.includes(event.target as HTMLElement)) return;
    event.preventDefault();
    all[Math.max(0, Math.min(all.length - 1, to))]?.focus();
  });
  return {
    refresh,
    /** Runs what makes the buttons anew. */
    renew(make: () => void): void {
      const had = container.contains(document.activeElement) && items().includes(document.activeElement as HTMLElement);
      make();
      refresh();
      if (had) items()[current]?.focus();
    },
  };
}
