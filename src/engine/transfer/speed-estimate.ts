/** Length of a bucket, in milliseconds, by which received bytes are counted. */
export const BUCKET_MS = 250;
/** Number of buckets kept, 10 s in all: a longer average would only lag more. */
export const KEPT_BUCKETS = 40;
/** Weight of a bucket, as a share of the next one: a half-life of 3 s. */
const KEEP = 0.5 ** (BUCKET_MS / 3000);
/** The latest 1.5 s, in three parts of half a second: a change is accepted when all three agree. */
const PARTS = 3;
const PART_BUCKETS = 2;
const RECENT_BUCKETS = PARTS * PART_BUCKETS;
/** Each part must differ by at least this share; the 10 s average catches up with anything smaller by itself. */
const LEAST_CHANGE = 0.12;
/** However much a link varies, a part that differs by more than this is not its usual noise. */
const MOST_NOISE = 0.6;

/**
 * Returns the index of the first bucket that belongs to the current speed, 0 while nothing changed. `buckets` are the
 * bytes of equal times, oldest first.
 *
 * A link that changes does so within moments: a limit is set, another download joins, a link recovers. An average over
 * seconds shows the change too late; a shorter one jumps with every hiccup. So the average is long, and starts over
 * where the latest 1.5 s differ as a whole from what was before, by more than the link's own noise. A gap is not a
 * change: what follows it shows whether there was one.
 */
export function changePoint(buckets: readonly number[]): number {
  const before = buckets.slice(0, -RECENT_BUCKETS);
  if (before.length < PART_BUCKETS) return 0;
  const mean = meanOf(before) * PART_BUCKETS;
  const recent = partsOf(buckets.slice(-RECENT_BUCKETS));
  const earlier = partsOf(before);
  // A short history says little, least of all about how much it varied.
  const doubt = 1 + 2 / earlier.length;
  const change = Math.min(MOST_NOISE, doubt * Math.max(LEAST_CHANGE, noiseOf(earlier, mean)));
  const isUp = recent.every((part) => part > mean * (1 + change));
  const isDown = recent.every((part) => part > 0 && part < mean * (1 - change));
  return isUp || isDown ? before.length : 0;
}

/** Average of the buckets in bytes per second, weighted towards the latest. */
export function speedOf(buckets: readonly number[]): number {
  let sum = 0;
  let weights = 0;
  let weight = 1;
  for (let at = buckets.length - 1; at >= 0; at -= 1) {
    sum += (buckets[at] ?? 0) * weight;
    weights += weight;
    weight *= KEEP;
  }
  return weights === 0 ? 0 : (sum * 1000) / (weights * BUCKET_MS);
}

/** Complete parts, counted back from the latest bucket. */
function partsOf(buckets: readonly number[]): readonly number[] {
  const parts: number[] = [];
  for (let end = buckets.length; end >= PART_BUCKETS; end -= PART_BUCKETS) {
    let bytes = 0;
    for (let at = end - PART_BUCKETS; at < end; at += 1) bytes += buckets[at] ?? 0;
    parts.push(bytes);
  }
  return parts;
}

/** Standard deviation of the parts that are not empty, as a share of `mean`. */
function noiseOf(parts: readonly number[], mean: number): number {
  const moving = parts.filter((part) => part > 0);
  if (moving.length < 2) return 0;
  const usual = meanOf(moving);
  return Math.sqrt(meanOf(moving.map((part) => (part - usual) ** 2))) / mean;
}

function meanOf(values: readonly number[]): number {
  let sum = 0;
  for (const value of values) sum += value;
  return values.length === 0 ? 0 : sum / values.length;
}
