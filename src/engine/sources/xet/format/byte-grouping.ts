/**
 * Undoes the byte grouping of 16- and 32-bit numbers: four groups follow each other, byte `4i + k` is element `i` of group `k`.
 * Source: huggingface/xet-core, bg4.rs.
 */
export function ungroupBytes(grouped: Uint8Array, out: Uint8Array): void {
  const length = grouped.length;
  const quarter = length >> 2;
  const rest = length & 3;
  const second = quarter + (rest > 0 ? 1 : 0);
  const third = second + quarter + (rest > 1 ? 1 : 0);
  const fourth = third + quarter + (rest > 2 ? 1 : 0);
  const whole = quarter * 4;
  for (let index = 0, at = 0; at < whole; index += 1, at += 4) {
    out[at] = grouped[index] as number;
    out[at + 1] = grouped[second + index] as number;
    out[at + 2] = grouped[third + index] as number;
    out[at + 3] = grouped[fourth + index] as number;
  }
  if (rest > 0) out[whole] = grouped[quarter] as number;
  if (rest > 1) out[whole + 1] = grouped[second + quarter] as number;
  if (rest > 2) out[whole + 2] = grouped[third + quarter] as number;
}
