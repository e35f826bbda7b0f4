/** `URL.canParse` and `URL.parse` are newer than the oldest Node that this runs on. Returns null for an invalid URL. */
export function parsedAddress(text: string): URL | null {
  try {
    return new URL(text);
  } catch {
    return null;
  }
}
