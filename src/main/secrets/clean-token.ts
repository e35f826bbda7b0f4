/** The contract's limit; Hub tokens have about 40 characters. */
const MAX_CHARACTERS = 500;

/** Returns the trimmed token; null for what is not a token, such as one with a line end inside. */
export function cleanToken(text: string): string | null {
  const token = text.trim();
  return /^[\x21-\x7e]+$/.test(token) && token.length <= MAX_CHARACTERS ? token : null;
}
