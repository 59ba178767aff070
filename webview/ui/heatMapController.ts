import { Chart, DatasetController, Element, LinearScale, type ChartArea, type CoreChartOptions } from 'chart.js';
import { drawMarks, type Mark } from './gridMarks.js';
import { heatImage, type HeatScale } from './heatMapImage.js';
import { css, type Theme } from './theme.js';

/** A heat map as a Chart.js dataset: rows of cells, drawn as one scaled picture with marks on top. */
export interface HeatMapData {
  /** rows x columns, row by row, the first row at the bottom. */
  values: ArrayLike<number>;
  columns: number;
  scale: HeatScale;
  theme: Theme;
  /** 1 for cells that are there but do not count, for instance filtered out. */
  faint?: Uint8Array | undefined;
  marks: readonly Mark[];
}

declare module 'chart.js' {
  interface ChartTypeRegistry {
    heatMap: {
      chartOptions: CoreChartOptions<'heatMap'>;
      datasetOptions: { heat: HeatMapData };
      defaultDataPoint: never;
      metaExtensions: object;
      parsedDataType: object;
      scales: 'linear';
    };
  }
}

/** Cells at least this large get a line between them. */
const GAP_FROM = 7;

/** Chart.js asks every controller for a type of element; this one makes none. */
class NoElement extends Element {
  static id = 'noElement';
}

/** Draws 48 x 128 cells in well under a frame, which an element a cell does not (anchors.md has the figures). */
class HeatMapController extends DatasetController<'heatMap'> {
  static id = 'heatMap';
  static defaults = { datasetElementType: false, dataElementType: NoElement.id };
  private readonly picture = new OffscreenCanvas(1, 1);
  private drawn: HeatMapData | null = null;

  override update(): void {
    // There are no elements to move: draw() reads the dataset.
  }

  override draw(): void {
    // Chart.js calls the fields of every dataset optional; expertGrid.ts always sets this one.
    const heat = (this.chart.data.datasets[this.index] as unknown as { heat: HeatMapData }).heat;
    const { ctx, chartArea } = this.chart;
    if (heat.values.length === 0) return;
    this.paint(heat);
    const cell = cellSize(chartArea, heat);
    ctx.save();
    ctx.imageSmoothingEnabled = false;
    ctx.drawImage(this.picture, chartArea.left, chartArea.top, chartArea.width, chartArea.height);
    if (Math.min(cell.width, cell.height) >= GAP_FROM) this.drawGaps(heat, cell);
    drawMarks(ctx, chartArea, cell, heat);
    ctx.restore();
  }

  private paint(heat: HeatMapData): void {
    if (this.drawn === heat) return;
    const image = heatImage(heat.values, heat.columns, heat);
    this.picture.width = image.width;
    this.picture.height = image.height;
    this.picture.getContext('2d')?.putImageData(image, 0, 0);
    this.drawn = heat;
  }

  private drawGaps({ columns, values, theme }: HeatMapData, cell: CellSize): void {
    const { ctx, chartArea } = this.chart;
    ctx.strokeStyle = css(theme.highContrast ? theme.line : theme.background);
    ctx.lineWidth = 1;
    ctx.beginPath();
    for (let x = 0; x <= columns; x++) {
      const at = Math.round(chartArea.left + x * cell.width) + 0.5;
      ctx.moveTo(at, chartArea.top);
      ctx.lineTo(at, chartArea.bottom);
    }
    for (let y = 0; y <= values.length / columns; y++) {
      const at = Math.round(chartArea.top + y * cell.height) + 0.5;
      ctx.moveTo(chartArea.left, at);
      ctx.lineTo(chartArea.right, at);
    }
    ctx.stroke();
  }
}

export interface CellSize {
  width: number;
  height: number;
}

export function cellSize(area: ChartArea, { values, columns }: Pick<HeatMapData, 'values' | 'columns'>): CellSize {
  return { width: area.width / columns, height: area.height / Math.max(1, values.length / columns) };
}

Chart.register(HeatMapController, LinearScale, NoElement);
