type Line = 'base' | 'Pro' | 'Max' | 'Ultra';

/**
 * Memory bandwidth of Apple silicon in 10^9 bytes per second, by generation and line, from Apple's technical
 * specifications (68.25, 102.4 and the like without the fraction).
 */
const BANDWIDTH: Readonly<Record<Line, ReadonlyMap<number, number>>> = {
  base: new Map([
    [1, 68],
    [2, 100],
    [3, 100],
    [4, 120],
    [5, 153],
  ]),
  Pro: new Map([
    [1, 200],
    [2, 200],
    [3, 150],
    [4, 273],
    [5, 307],
  ]),
  Max: new Map([
    [1, 400],
    [2, 400],
    [3, 400],
    [4, 546],
    [5, 614],
  ]),
  Ultra: new Map([
    [1, 800],
    [2, 800],
    [3, 800],
  ]),
};

/**
 * Max chips sold with some memory channels disabled, identified by the memory (in GiB) that only they come with: M3 Max
 * with 30 GPU cores (36 or 96 GB) and M4 Max with 32 GPU cores (36 GB).
 */
const NARROW_MAX: ReadonlyMap<
  number,
  { readonly memoryGiB: readonly number[]; readonly bandwidthGBps: number }
> = new Map([
  [3, { memoryGiB: [36, 96], bandwidthGBps: 300 }],
  [4, { memoryGiB: [36], bandwidthGBps: 410 }],
]);

/** Anchored: an `Intel Core m3` must not be taken for an M3. */
const APPLE_CHIP = /^\s*(?:Apple\s+)?M(\d{1,2})(?:\s+(Pro|Max|Ultra))?\s*$/i;

const LINES: readonly Line[] = ['Pro', 'Max', 'Ultra'];

/** Returns whether memory is sold as that many GB. Makers count in GiB and call it GB. */
function hasMemory(memoryBytes: number, gigabytes: number): boolean {
  return Math.round(memoryBytes / 2 ** 30) === gigabytes;
}

/**
 * Returns the memory bandwidth of a chip in 10^9 bytes per second; null when the chip is not in the table.
 * @param chip `Apple M3 Pro` as in `machdep.cpu.brand_string`; `Apple` may be left out
 * @param memoryBytes distinguishes the two memory widths of some Max chips
 */
export function bandwidthGBps(chip: string, memoryBytes: number): number | null {
  const [, digits, suffix] = APPLE_CHIP.exec(chip) ?? [];
  if (digits === undefined) return null;
  const generation = Number(digits);
  const line = LINES.find((each) => each.toLowerCase() === suffix?.toLowerCase()) ?? 'base';
  const narrow = line === 'Max' ? NARROW_MAX.get(generation) : undefined;
  if (narrow?.memoryGiB.some((gigabytes) => hasMemory(memoryBytes, gigabytes))) return narrow.bandwidthGBps;
  return BANDWIDTH[line].get(generation) ?? null;
}
