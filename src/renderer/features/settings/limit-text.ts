/** Units in which a speed limit is entered, in bytes per second. */
export const LIMIT_UNITS = { 'KB/s': 1e3, 'MB/s': 1e6, 'GB/s': 1e9 } as const;
export type LimitUnit = keyof typeof LIMIT_UNITS;

/** Initial value when a limit is turned on: leaves bandwidth on most networks. */
export const FIRST_LIMIT_BYTES_PER_SECOND = 5e6;

/** Returns the number and the unit that a person would write for a limit: 2.5 and MB/s. */
export function limitParts(bytesPerSecond: number): { readonly amount: string; readonly unit: LimitUnit } {
  const unit: LimitUnit = bytesPerSecond >= 1e9 ? 'GB/s' : bytesPerSecond >= 1e6 ? 'MB/s' : 'KB/s';
  return { amount: String(Number((bytesPerSecond / LIMIT_UNITS[unit]).toFixed(3))), unit };
}

/** Returns bytes per second; null when the text is not a number above 0. A comma is read as a decimal point. */
export function limitOf(amount: string, unit: LimitUnit): number | null {
  const text = amount.trim().replace(',', '.');
  if (!/^\d{1,9}(\.\d{1,6})?$/.test(text)) return null;
  const bytesPerSecond = Math.round(Number(text) * LIMIT_UNITS[unit]);
  return bytesPerSecond > 0 ? bytesPerSecond : null;
}
