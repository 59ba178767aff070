import { Chart, type ChartConfiguration, type ChartOptions } from 'chart.js';
import type { ExpertId, SteeringPlan } from '../../src/core/plans/plan.js';
import type { Mark } from './gridMarks.js';
import { gridOptions } from './gridOptions.js';
import type { HeatMapData } from './heatMapController.js';
import type { HeatScale } from './heatMapImage.js';
import { make } from './make.js';
import type { Theme } from './theme.js';
import type { Labels } from './words.js';

/** What a heat map of experts shows. */
export interface ExpertGridState {
  moeLayers: readonly number[];
  experts: number;
  /** One value an expert, layer by layer: risk differences or rates, as `scale` says. */
  values: ArrayLike<number>;
  scale: HeatScale;
  labels: Labels;
  /** The experts that are outlined and signed. */
  plan: Pick<SteeringPlan, 'activated' | 'deactivated'>;
  /** Experts that something else points at, for instance a token that selected them: dotted. */
  pointed?: readonly ExpertId[];
  /** 1 for experts that a filter leaves out; drawn faintly. */
  faint?: Uint8Array;
  /** What is known of an expert, a fact a line; the first names it. For the tooltip and for screen readers. */
  facts(expert: ExpertId): string[];
}

/** The heat map of a state as Chart.js wants it. */
export function gridChart(state: ExpertGridState, theme: Theme) {
  const { moeLayers, experts, values, scale, faint } = state;
  const heat: HeatMapData = { values, columns: experts, scale, theme, faint, marks: marksOf(state) };
  const options: ChartOptions<'heatMap'> = gridOptions(moeLayers, experts, theme);
  return {
    type: 'heatMap',
    data: { datasets: [{ type: 'heatMap', data: [], heat }] },
    options,
  } satisfies ChartConfiguration<'heatMap'>;
}

/** Pixels for the rows and the axis below them: many layers are drawn lower, and lower yet in a narrow column. */
export function gridHeight({ moeLayers: { length } }: Pick<ExpertGridState, 'moeLayers'>, width: number): number {
  const row = length <= 12 ? 30 : width < 600 ? 7 : 10;
  return Math.max(140, Math.min(620, length * row + 40));
}

/** A picture to save, as large as print wants it, whatever the page shows of the heat map. */
export function gridPicture(state: ExpertGridState, theme: Theme): HTMLCanvasElement {
  const canvas = make('canvas', { width: 1200, height: gridHeight(state, 1200) });
  const { type, data, options } = gridChart(state, theme);
  const chart = new Chart(canvas, { type, data, options: { ...options, responsive: false, devicePixelRatio: 2 } });
  const picture = make('canvas', { width: canvas.width, height: canvas.height });
  picture.getContext('2d')?.drawImage(canvas, 0, 0);
  chart.destroy();
  return picture;
}

function marksOf({ moeLayers, plan, pointed = [] }: ExpertGridState): Mark[] {
  const mark =
    (state: Mark['state']) =>
    ({ layer, expert }: ExpertId): Mark => ({ row: moeLayers.indexOf(layer), column: expert, state });
  return [
    ...plan.activated.map(mark('activated')),
    ...plan.deactivated.map(mark('deactivated')),
    ...pointed.map(mark('pointed')),
  ].filter(({ row }) => row >= 0);
}
