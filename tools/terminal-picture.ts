import { text } from 'node:stream/consumers';

/**
 * Turns what a terminal shows into an SVG picture for the documentation:
 * `tmux capture-pane -e -p | node tools/terminal-picture.ts > docs/screenshots/download.svg`. Knows the colours that the
 * command line uses.
 */
const CELL = { width: 8.4, height: 19 };
const PADDING = 16;
const COLOURS: Readonly<Record<number, string>> = {
  31: '#ff6b6b',
  32: '#5fd38d',
  33: '#e5c07b',
  36: '#56b6c2',
};
const PLAIN = '#e6e6e6';
const ESCAPE = String.fromCharCode(27);
/** Select Graphic Rendition: colours and weights. Source: ECMA-48, 8.3.117. */
const STYLE_CODE = new RegExp(`(${ESCAPE}\\[[\\d;]*m)`);

interface Style {
  colour: string;
  bold: boolean;
  dim: boolean;
}

const lines = (await text(process.stdin)).replace(/\n+$/, '').split('\n');
const columns = Math.max(...lines.map((line) => stripped(line).length));
const width = columns * CELL.width + 2 * PADDING;
const height = lines.length * CELL.height + 2 * PADDING;
const style: Style = { colour: PLAIN, bold: false, dim: false };
const rows = lines.map(
  (line, row) => `<text y="${PADDING + (row + 0.75) * CELL.height}">${spans(line)}</text>`,
);
process.stdout.write(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img">
<title>What a terminal shows</title>
<rect width="100%" height="100%" rx="10" fill="#1c1e26"/>
<g font-family="ui-monospace, Menlo, Consolas, monospace" font-size="14" xml:space="preserve">
${rows.join('\n')}
</g>
</svg>
`);

function stripped(line: string): string {
  return line
    .split(STYLE_CODE)
    .filter((part) => !part.startsWith(ESCAPE))
    .join('');
}

/** Each run of equal style at its own column, so that the font of the reader cannot shift it. */
function spans(line: string): string {
  let column = 0;
  return line
    .split(STYLE_CODE)
    .map((part) => {
      if (part.startsWith(ESCAPE)) {
        for (const code of part.slice(2, -1).split(';')) apply(Number(code || 0));
        return '';
      }
      const x = PADDING + column * CELL.width;
      column += part.length;
      return part.trim() === '' ? '' : span(part, x);
    })
    .join('');
}

function apply(code: number): void {
  if (code === 0) Object.assign(style, { colour: PLAIN, bold: false, dim: false });
  else if (code === 1) style.bold = true;
  else if (code === 2) style.dim = true;
  else if (code === 39) style.colour = PLAIN;
  else style.colour = COLOURS[code] ?? style.colour;
}

function span(part: string, x: number): string {
  const escaped = part.replaceAll('&', '&amp;').replaceAll('<', '&lt;');
  const weight = style.bold ? ' font-weight="bold"' : '';
  const opacity = style.dim ? ' opacity="0.55"' : '';
  const length = ` textLength="${part.length * CELL.width}"`;
  return `<tspan x="${x}" fill="${style.colour}"${weight}${opacity}${length}>${escaped}</tspan>`;
}
