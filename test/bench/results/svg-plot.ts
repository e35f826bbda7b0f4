/** One curve of a plot. */
export interface Curve {
  readonly name: string;
  /** From left to right. */
  readonly points: readonly (readonly [x: number, y: number])[];
}

/** Curves over a common axis. Both axes begin at 0. */
export interface Plot {
  readonly title: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly curves: readonly Curve[];
  /** True for values that jump, such as numbers of streams. */
  readonly steps?: boolean;
  /** True to mark each point, where there are few. */
  readonly marks?: boolean;
}

const WIDTH = 760;
const HEIGHT = 340;
const LEFT = 56;
const RIGHT = 16;
const BOTTOM = 44;
const TITLE_Y = 22;
const LEGEND_Y = 44;
const LEGEND_ROW = 18;
const LEGEND_COLUMNS = 4;
/** About so many lines of the grid. */
const GRID = 6;

/**
 * Colors that are distinguishable on white and on black, even for people who see few colors; each has its dashes too.
 */
const LOOKS = [
  ['#2f81f7', ''],
  ['#e36209', ''],
  ['#1a9f6c', ''],
  ['#bf5fd0', '6 3'],
  ['#c69026', '2 3'],
  ['#e5534b', '8 3 2 3'],
  ['#768390', '4 4'],
] as const;

/** Text and lines follow the viewer's light or dark scheme; the background stays that of the page. */
const STYLE = [
  'text{font:12px system-ui,sans-serif;fill:#424a53}.title{font-size:14px;font-weight:600;fill:#1f2328}',
  '.grid{stroke:#8b949e;stroke-opacity:.3}.curve{fill:none;stroke-width:1.8;stroke-linejoin:round}',
  '@media(prefers-color-scheme:dark){text{fill:#adbac7}.title{fill:#e6edf3}}',
].join('');

/** The plot as an SVG document. */
export function svgPlot(plot: Plot): string {
  const curves = plot.curves.filter(({ points }) => points.length > 0);
  const top = LEGEND_Y + LEGEND_ROW * Math.ceil(curves.length / LEGEND_COLUMNS);
  const points = curves.flatMap((curve) => curve.points);
  const x = scale(Math.max(0, ...points.map(([value]) => value)), LEFT, WIDTH - RIGHT);
  const y = scale(Math.max(0, ...points.map(([, value]) => value)), HEIGHT - BOTTOM, top);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img">`,
    `<title>${escaped(plot.title)}</title><style>${STYLE}</style>`,
    text(LEFT, TITLE_Y, plot.title, 'class="title"'),
    ...curves.map(({ name }, index) => legend(name, index)),
    ...y.ticks.map((tick) => line(LEFT, y.at(tick), WIDTH - RIGHT, y.at(tick))),
    ...y.ticks.map((tick) => text(LEFT - 8, y.at(tick) + 4, String(tick), 'text-anchor="end"')),
    ...x.ticks.map((tick) => line(x.at(tick), y.at(0), x.at(tick), y.at(0) + 5)),
    ...x.ticks.map((tick) => text(x.at(tick), y.at(0) + 18, String(tick), 'text-anchor="middle"')),
    text((LEFT + WIDTH - RIGHT) / 2, HEIGHT - 8, plot.xLabel, 'text-anchor="middle"'),
    text(14, (top + HEIGHT - BOTTOM) / 2, plot.yLabel, `text-anchor="middle" ${turned(14, top)}`),
    ...curves.map(({ points: ends }, index) => drawn(ends, index, plot, x.at, y.at)),
    '</svg>',
    '',
  ].join('\n');
}

interface Scale {
  readonly ticks: readonly number[];
  readonly at: (value: number) => number;
}

/** Maps 0 to the largest value to places from `from` to `to`, with ticks at round numbers. */
function scale(largest: number, from: number, to: number): Scale {
  const rough = (largest || 1) / GRID;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * (([1, 2, 5, 10].find((factor) => factor * power >= rough) ?? 10) as number);
  const count = Math.ceil((largest || 1) / step - 1e-9);
  const ticks = Array.from({ length: count + 1 }, (_, index) => Number((index * step).toPrecision(6)));
  return { ticks, at: (value) => round(from + ((to - from) * value) / (count * step)) };
}

function drawn(
  points: Curve['points'],
  index: number,
  { steps = false, marks = false }: Plot,
  x: Scale['at'],
  y: Scale['at'],
): string {
  const path = points
    .map(([atX, atY], at) => {
      if (at === 0) return `M${x(atX)} ${y(atY)}`;
      return steps ? `H${x(atX)}V${y(atY)}` : `L${x(atX)} ${y(atY)}`;
    })
    .join('');
  const dots = marks ? points.map(([atX, atY]) => dot(x(atX), y(atY), index)) : [];
  return [`<path class="curve" d="${path}" ${look(index)}/>`, ...dots].join('');
}

function legend(name: string, index: number): string {
  const width = (WIDTH - LEFT - RIGHT) / LEGEND_COLUMNS;
  const x = LEFT + width * (index % LEGEND_COLUMNS);
  const y = LEGEND_Y + LEGEND_ROW * Math.floor(index / LEGEND_COLUMNS);
  return `<path class="curve" d="M${x} ${y - 4}h22" ${look(index)}/>${text(x + 28, y, name, '')}`;
}

function look(index: number): string {
  const [colour, dashes] = LOOKS[index % LOOKS.length] ?? LOOKS[0];
  return `stroke="${colour}"${dashes ? ` stroke-dasharray="${dashes}"` : ''}`;
}

function dot(x: number, y: number, index: number): string {
  return `<circle cx="${x}" cy="${y}" r="3.5" fill="${(LOOKS[index % LOOKS.length] ?? LOOKS[0])[0]}"/>`;
}

function turned(x: number, top: number): string {
  return `transform="rotate(-90 ${x} ${(top + HEIGHT - BOTTOM) / 2})"`;
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  return `<path class="grid" d="M${x1} ${y1}L${x2} ${y2}"/>`;
}

function text(x: number, y: number, content: string, attributes: string): string {
  return `<text x="${round(x)}" y="${round(y)}" ${attributes}>${escaped(content)}</text>`;
}

function escaped(content: string): string {
  return content.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
