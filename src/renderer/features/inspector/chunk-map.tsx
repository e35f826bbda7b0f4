import { type RefObject, useEffect, useMemo, useRef } from 'react';
import { CHUNK_STATES, type ChunkState } from '../../../shared/model/inspection.ts';
import { countChunks } from '../download/count-chunks.ts';
import { cellsOf } from './chunk-cells.ts';
import { gridOf, placesIn } from './chunk-grid.ts';
import styles from './chunk-map.module.css';
import { type ChunkColours, drawChunks } from './draw-chunks.ts';
import type { FileMap } from './file-maps.ts';
import { useColourScheme } from './use-colour-scheme.ts';
import { useWidth } from './use-width.ts';
import { words } from './words.ts';

/** The chunks of a file as a strip of cells, in file order. Painted when the chunks, the width or the colors change. */
export function ChunkMap({ map }: { readonly map: FileMap }) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const width = useWidth(box);
  const scheme = useColourScheme();
  const grid = useMemo(() => gridOf(map.chunks, width), [map.chunks, width]);
  const cells = useMemo(() => cellsOf(map.runs, placesIn(grid)), [map.runs, grid]);
  // biome-ignore lint/correctness/useExhaustiveDependencies: another colour scheme has other colours to read.
  useEffect(() => {
    const context = contextFor(canvas, width, grid.height);
    if (context && canvas.current) drawChunks(context, cells, grid, coloursOf(canvas.current));
  }, [cells, grid, width, scheme]);
  const name = map.path ?? words.filesTogether(map.files, map.isRest);
  return (
    <figure className={styles.map}>
      <figcaption className={styles.caption}>
        <span className={styles.path}>{name}</span>
        <span className={styles.count}>{map.chunks}</span>
      </figcaption>
      <div ref={box}>
        <canvas ref={canvas} className={styles.canvas} role="img" aria-label={altText(name, map)} />
      </div>
    </figure>
  );
}

/** Sizes the canvas to the pixels of the screen. Returns null when there is nothing to draw on. */
function contextFor(
  canvas: RefObject<HTMLCanvasElement | null>,
  width: number,
  height: number,
): CanvasRenderingContext2D | null {
  const element = canvas.current;
  const context = element?.getContext('2d') ?? null;
  if (!element || !context || width === 0) return null;
  const ratio = window.devicePixelRatio;
  element.width = Math.round(width * ratio);
  element.height = Math.round(height * ratio);
  element.style.width = `${width}px`;
  element.style.height = `${height}px`;
  context.setTransform(ratio, 0, 0, ratio, 0, 0);
  return context;
}

/** The resolved tokens: a canvas does not support custom properties. */
function coloursOf(element: HTMLElement): ChunkColours {
  const probe = document.createElement('span');
  probe.hidden = true;
  element.parentElement?.append(probe);
  const resolve = (token: string) => {
    probe.style.color = `var(${token})`;
    return getComputedStyle(probe).color;
  };
  const colours = Object.fromEntries(CHUNK_STATES.map((state) => [state, resolve(`--chunk-${state}`)]));
  const ground = resolve('--surface');
  probe.remove();
  return { ...(colours as Record<ChunkState, string>), ground };
}

function altText(name: string, { runs, chunks }: FileMap): string {
  const counts = countChunks(runs);
  const parts = CHUNK_STATES.filter((state) => counts[state] > 0).map((state) =>
    words.chunkCount(state, counts[state]),
  );
  return words.chunkMap(name, chunks, parts.join(', '));
}
