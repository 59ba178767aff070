import type { ChartOptions, Scale } from 'chart.js';
import { css, type Theme } from './theme.js';

/** Chart.js's axes around a heat map: layers upward by their block numbers, experts to the right. */
export function gridOptions(moeLayers: readonly number[], experts: number, theme: Theme): ChartOptions<'heatMap'> {
  const font = { family: theme.font.family, size: Math.max(10, theme.font.size - 2) };
  const axis = (count: number, words: string, word: (index: number) => string) => ({
    type: 'linear' as const,
    min: -0.5,
    max: count - 0.5,
    offset: false,
    title: { display: true, text: words, color: css(theme.muted), font, padding: 2 },
    border: { display: false },
    grid: { display: false },
    ticks: {
      color: css(theme.muted),
      font,
      padding: 2,
      maxRotation: 0,
      autoSkip: false,
      callback: (value: string | number) => word(Number(value)),
    },
    afterBuildTicks(scale: Scale) {
      const room = words === 'expert' ? scale.chart.width / 32 : scale.chart.height / 18;
      const step = tickStep(count, Math.min(16, room));
      scale.ticks = Array.from({ length: Math.ceil(count / step) }, (_, i) => ({ value: i * step }));
    },
  });
  return {
    responsive: true,
    maintainAspectRatio: false,
    animation: false,
    events: [],
    layout: { padding: { top: 2, right: 2 } },
    scales: {
      x: axis(experts, 'expert', String),
      y: axis(moeLayers.length, 'layer', (row) => `L${moeLayers[row] ?? ''}`),
    },
  };
}

/** At most so many ticks, at round steps. */
function tickStep(count: number, most: number): number {
  return [1, 2, 4, 8, 16, 32, 64].find((step) => count / step <= most) ?? 128;
}
