import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';

/** Socket buffers that may pile up before they are collected. Measured: less costs more CPU, more costs memory. */
const PILE_BYTES = 8 * 1024 * 1024;

/**
 * Counts bytes that came out of socket buffers, and has the engine of JavaScript collect its young objects now and then.
 *
 * Each read of a socket brings a buffer of 64 KiB outside the heap. V8 learns of their size but answers only with
 * collections of the whole heap, one for every 25 MB: a fifth of all CPU of a fast download, and pauses of 5 to 15 ms. A
 * collection of the young objects alone frees the same buffers in less than a millisecond.
 */
export function createSocketGarbage(collectYoung = youngCollector): (bytes: number) => void {
  let collect: (() => void) | null = null;
  let piledBytes = 0;
  return (bytes) => {
    piledBytes += bytes;
    if (piledBytes < PILE_BYTES) return;
    piledBytes = 0;
    collect ??= collectYoung();
    collect();
  };
}

/** The function behind `--expose-gc`, which needs no such option this way. Does nothing where it is not to be had. */
function youngCollector(): () => void {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('globalThis.gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect !== 'function') return () => undefined;
  return () => void collect({ type: 'minor' });
}
