import type uPlot from 'uplot';
import { formatRate } from '../../../shared/format/rate.ts';

/** Looks of the speed graph in the colours that hold at `element`. */
export function graphOptions(
  element: HTMLElement,
  size: { readonly width: number; readonly height: number },
): uPlot.Options {
  const style = getComputedStyle(element);
  const token = (name: string) => style.getPropertyValue(name).trim();
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
        font: `10px ${style.fontFamily}`,
        size: 58,
        gap: 4,
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
