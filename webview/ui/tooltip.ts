import { make } from './make.js';

/**
 * A tooltip inside `container`, which must be positioned. It stands beside a box, or below `floor` where one is given, and
 * stays within the container's width.
 */
export function tooltip(container: HTMLElement) {
  const element = make('div', { class: 'tooltip', 'aria-hidden': 'true' });
  element.hidden = true;
  container.append(element);
  return {
    show(
      lines: readonly string[],
      box: { left: number; top: number; width: number; height: number },
      floor?: number,
    ): void {
      element.replaceChildren(...lines.map((line) => make('div', {}, line)));
      element.hidden = false;
      const room = container.clientWidth - element.offsetWidth;
      const right = box.left + box.width + 8;
      const beside = right <= room ? right : box.left - element.offsetWidth - 8;
      const fits = floor === undefined && beside >= 0;
      const x = fits ? beside : Math.max(0, Math.min(room, box.left));
      const y = fits ? box.top : (floor ?? box.top + box.height + 6);
      element.style.transform = `translate(${Math.round(x)}px, ${Math.round(y)}px)`;
    },
    hide(): void {
      element.hidden = true;
    },
  };
}
