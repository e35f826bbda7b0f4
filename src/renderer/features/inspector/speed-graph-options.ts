import type uPlot from 'uplot';
import { formatRate } from '../../../shared/format/rate.ts';

/** Between the speeds and the graph. */
const GAP_PX = 4;

/** Options of the speed graph in the colors that apply at `element`. */
export function graphOptions(
  element: HTMLElement,
  size: { readonly width: number; readonly height: number },
): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
  const font = `10px ${style.fontFamily}`;
  const grid = { stroke: token('--line'), width: 1 };
  return {
    ...size,
    legend: { show: false },
    cursor: { show: false },
    padding: [6, 0, 6, 0],
    scales: { x: { time: false }, y: { range: (_plot, _low, high) => [0, Math.max(high * 1.1, 1000)] } },
    axes: [
      { show: false },
      {
        stroke: token('--text-3'),
        font,
        size: (plot, values) => GAP_PX + widestPx(plot, font, values ?? []),
        gap: GAP_PX,
        space: 28,
        grid,
        ticks: { show: false },
        values: (_plot, splits) => splits.map((speed) => (speed === 0 ? '0' : formatRate(speed))),
      },
    ],
    series: [
      {},
      { stroke: token('--accent'), fill: token('--accent-soft'), width: 1.5, points: { show: false } },
    ],
  };
}

/**
 * Returns the width of the longest of these texts, in pixels of the page, as the plot requires: the font is not scaled
 * to the screen.
 */
function widestPx({ ctx }: uPlot, font: string, texts: readonly string[]): number {
  ctx.save();
  ctx.font = font;
  const widths = texts.map((text) => ctx.measureText(text).width);
  ctx.restore();
  return Math.ceil(Math.max(0, ...widths));
}
