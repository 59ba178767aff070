import { Chart } from 'chart.js';
import type { ExpertId } from '../../src/core/plans/plan.js';
import { announce } from './announce.js';
import { gridChart, gridHeight, type ExpertGridState } from './gridChart.js';
import { movedCell, type Cell } from './gridKeys.js';
import { cellSize } from './heatMapController.js';
import { make } from './make.js';
import { scaleKey } from './scaleKey.js';
import { onThemeChange, readTheme } from './theme.js';
import { tooltip } from './tooltip.js';

/**
 * Layers x experts as a heat map; layers run upward. One stop of the Tab key: arrow keys move a focus cell, whose facts
 * are shown and announced, Space, Enter or a click choose it.
 */
export function expertGrid(options: { name: string; onChoose(expert: ExpertId): void }) {
  const canvas = make('canvas', {
    tabindex: 0,
    role: 'application',
    'aria-roledescription': 'heat map',
    'aria-label': `${options.name}. Arrow keys move from expert to expert, Space switches one.`,
  });
  const plot = make('div', { class: 'grid-plot' }, canvas);
  const ring = make('div', { class: 'cell-ring' });
  ring.hidden = true;
  const key = scaleKey();
  const element = make('div', { class: 'expert-grid' }, plot, ring, key.element);
  const tip = tooltip(element);
  let theme = readTheme();
  let state: ExpertGridState | null = null;
  let focus: Cell = { row: 0, column: 0 };
  let chart: Chart<'heatMap'> | null = null;
  let hovered = '';
  let stale = false;

  function draw(): void {
    // A hidden place has no size to draw in: it is drawn when it gets one.
    stale = plot.clientWidth === 0;
    if (!state || stale) return;
    fitHeight();
    const { data, options, type } = gridChart(state, theme);
    options.onResize = () => {
      hide();
      fitHeight();
    };
    if (chart) {
      chart.options = options;
      chart.data = data;
      chart.update('none');
    } else chart = new Chart(canvas, { type, data, options });
    key.update(state.scale, state.labels, theme);
  }

  function fitHeight(): void {
    if (state) plot.style.height = `${gridHeight(state, plot.clientWidth)}px`;
  }

  const expertAt = ({ row, column }: Cell): ExpertId => ({ layer: state!.moeLayers[row]!, expert: column });

  function boxOf({ row, column }: Cell) {
    const area = chart!.chartArea;
    const { width, height } = cellSize(area, { values: state!.values, columns: state!.experts });
    return { left: area.left + column * width, top: area.bottom - (row + 1) * height, width, height };
  }

  function cellUnder(event: MouseEvent): Cell | null {
    if (!chart || !state) return null;
    const { left, top, width, height } = chart.chartArea;
    const column = Math.floor(((event.offsetX - left) / width) * state.experts);
    const row = Math.floor((1 - (event.offsetY - top) / height) * state.moeLayers.length);
    const inside = column >= 0 && row >= 0 && column < state.experts && row < state.moeLayers.length;
    return inside ? { row, column } : null;
  }

  /** What stood over a cell would stand elsewhere. */
  function hide(): void {
    hovered = '';
    ring.hidden = true;
    tip.hide();
  }

  /** Hovering moves two elements over the picture and draws nothing. */
  function point(cell: Cell | null): void {
    ring.hidden = cell === null;
    if (!cell) {
      tip.hide();
      return;
    }
    const box = boxOf(cell);
    Object.assign(ring.style, { width: `${box.width + 2}px`, height: `${box.height + 2}px` });
    ring.style.transform = `translate(${box.left - 1}px, ${box.top - 1}px)`;
    // Over a low picture a tooltip would hide most of it.
    tip.show(state!.facts(expertAt(cell)), box, plot.clientHeight < 300 ? plot.clientHeight : undefined);
  }

  const say = (): void => {
    announce(state!.facts(expertAt(focus)).join('; '));
  };

  function choose(cell: Cell): void {
    options.onChoose(expertAt(cell));
    // The owner has drawn the new state by now.
    point(cell);
    say();
  }

  canvas.addEventListener('pointermove', (event) => {
    const cell = cellUnder(event);
    const at = cell ? `${cell.row} ${cell.column}` : '';
    canvas.style.cursor = cell ? 'pointer' : 'default';
    if (at === hovered) return;
    hovered = at;
    point(cell);
  });
  canvas.addEventListener('pointerleave', () => {
    hovered = '';
    point(null);
  });
  canvas.addEventListener('click', (event) => {
    const cell = cellUnder(event);
    if (!cell) return;
    focus = cell;
    choose(cell);
  });
  canvas.addEventListener('focus', () => {
    if (!state || !canvas.matches(':focus-visible')) return;
    point(focus);
    say();
  });
  canvas.addEventListener('blur', () => {
    point(null);
  });
  canvas.addEventListener('keydown', (event) => {
    if (!state || event.altKey || event.metaKey) return;
    if (event.key === 'Escape') tip.hide();
    const moved = movedCell(focus, event, { rows: state.moeLayers.length, columns: state.experts });
    const chosen = event.key === ' ' || event.key === 'Enter';
    if (!moved && !chosen) return;
    event.preventDefault();
    if (moved) {
      focus = moved;
      point(focus);
      say();
    } else choose(focus);
  });

  const shown = new ResizeObserver(() => {
    if (stale) draw();
  });
  shown.observe(plot);
  const stopWatching = onThemeChange((next) => {
    theme = next;
    draw();
  });

  return {
    element,
    update(next: ExpertGridState): void {
      const resized = next.moeLayers.length !== state?.moeLayers.length || next.experts !== state.experts;
      if (resized) {
        focus = { row: next.moeLayers.length - 1, column: 0 };
        point(null);
      }
      state = next;
      draw();
    },
    dispose(): void {
      stopWatching();
      shown.disconnect();
      chart?.destroy();
    },
  };
}
