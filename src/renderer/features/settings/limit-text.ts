/** Units in which a speed limit is written, in bytes per second. */
export const LIMIT_UNITS = { 'KB/s': 1e3, 'MB/s': 1e6, 'GB/s': 1e9 } as const;
export type LimitUnit = keyof typeof LIMIT_UNITS;

/** What a limit is turned on with: leaves room on most lines. */
export const FIRST_LIMIT_BYTES_PER_SECOND = 5e6;

/** The number and the unit that a person would write for a limit: 2.5 and MB/s. */
export function limitParts(bytesPerSecond: number): { readonly amount: string; readonly unit: LimitUnit } {
  const unit: LimitUnit = bytesPerSecond >= 1e9 ? 'GB/s' : bytesPerSecond >= 1e6 ? 'MB/s' : 'KB/s';
  return { amount: String(Number((bytesPerSecond / LIMIT_UNITS[unit]).toFixed(3))), unit };
}

/** Bytes per second; null when the text is no number above 0. A comma is read as a point. */
export function limitOf(amount: string, unit: LimitUnit): number | null {
  const text = amount.trim().replace(',', '.');
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return null;
  const bytesPerSecond = Math.round(Number(text) * LIMIT_UNITS[unit]);
  return bytesPerSecond > 0 ? bytesPerSecond : null;
}
