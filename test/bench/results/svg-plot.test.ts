import { expect, it } from 'vitest';
import { svgPlot } from './svg-plot.ts';

const PLOT = {
  title: 'Streams <over> time',
  xLabel: 's',
  yLabel: 'streams',
  curves: [
    {
      name: 'auto',
      points: [
        [0, 4],
        [5, 8],
        [10, 8],
      ],
    },
    { name: 'nobody', points: [] },
  ],
} as const;

it('draws each curve that has points, named in the legend', () => {
  const svg = svgPlot(PLOT);
  expect(svg).toContain('>auto</text>');
  expect(svg).not.toContain('nobody');
  expect(svg.match(/class="curve" d="M56 /g)).toHaveLength(2);
});

it('puts the beginning at the left, more above less, and nothing outside the plot', () => {
  const curve = /class="curve" d="M(\S+) (\S+)L(\S+) (\S+)L(\S+) /.exec(svgPlot(PLOT)) ?? [];
  const [left = 0, low = 0, middle = 0, high = 0, right = 0] = curve.slice(1).map(Number);
  expect([left, middle - left]).toEqual([56, right - middle]);
  expect(high).toBeLessThan(low);
  expect(high).toBeGreaterThan(60);
  expect(right).toBeLessThanOrEqual(744);
});

it('writes round numbers at the axes', () => {
  const svg = svgPlot({ ...PLOT, curves: [{ name: 'a', points: [[0.3, 0.07]] }] });
  expect(svg).toContain('>0.05</text>');
  expect(svg).not.toMatch(/>0\.0[0-9]{3,}/);
});

it('jumps where values jump', () => {
  expect(svgPlot({ ...PLOT, steps: true })).toMatch(/d="M56 \S+H\S+V\S+H/);
});

it('takes no text for markup', () => {
  expect(svgPlot(PLOT)).toContain('Streams &lt;over> time');
});

it('follows the light or dark scheme of whoever looks', () => {
  expect(svgPlot(PLOT)).toContain('prefers-color-scheme:dark');
});
