import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { initWasm, Resvg } from '@resvg/resvg-wasm';

/** One way to show the source picture. */
export interface Look {
  /** What is seen of it: `x y width height` in its own units. */
  readonly viewBox: string;
  /** CSS that shows, hides and colours its parts. */
  readonly css: string;
  /** Another place and size of the mark, as an SVG transform. */
  readonly mark?: string;
}

/** Draws a look as a square PNG with sides of `size` pixels. */
export type Draw = (look: Look, size: number) => Uint8Array<ArrayBuffer>;

/** Reads the picture, and starts the renderer: resvg as WebAssembly, so that each machine draws the same pixels. */
export async function openDrawing(svgFile: string): Promise<Draw> {
  const wasm = createRequire(import.meta.url).resolve('@resvg/resvg-wasm/index_bg.wasm');
  await initWasm(await readFile(wasm));
  const svg = await readFile(svgFile, 'utf8');
  return (look, size) => {
    const picture = new Resvg(dressed(svg, look), { fitTo: { mode: 'width', value: size } });
    return new Uint8Array(picture.render().asPng());
  };
}

/** The picture with another view box and with CSS, which goes before attributes. CSS transforms are unknown to resvg. */
export function dressed(svg: string, { viewBox, css, mark }: Look): string {
  const [, , width = '0', height = '0'] = viewBox.split(' ');
  const opening = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="${viewBox}" width="${width}" height="${height}">`;
  const changed = svg.replace(/<svg [^>]*>/, `${opening}<style>${css}</style>`);
  if (changed === svg) throw new Error('The source picture has no <svg> element.');
  return mark === undefined
    ? changed
    : changed.replace(/(<g id="mark" transform=")[^"]*/, (_, start) => start + mark);
}
