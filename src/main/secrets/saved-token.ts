import { z } from 'zod';
import { cleanToken } from './clean-token.ts';

/** A token and its metadata, as stored encrypted. */
export interface SavedToken {
  readonly token: string;
  /** See `tokenOrigin`. */
  readonly origin: string;
  readonly account: string | null;
}

const savedSchema = z.object({
  version: z.literal(1),
  token: z.string(),
  origin: z.string(),
  account: z.string().nullable(),
});

/** The text that is encrypted. */
export function serializeToken(saved: SavedToken): string {
  return JSON.stringify({ version: 1, ...saved });
}

/**
 * Parses what {@link serializeToken} wrote. A file from before origins were stored contains the bare token, which was
 * entered for `defaultOrigin` unless somebody had set a mirror; there it has to be entered once more. Null for anything
 * else.
 */
export function parseSavedToken(text: string, defaultOrigin: string): SavedToken | null {
  const bare = cleanToken(text);
  if (bare !== null && !bare.startsWith('{')) return { token: bare, origin: defaultOrigin, account: null };
  try {
    const { token, origin, account } = savedSchema.parse(JSON.parse(text));
    return cleanToken(token) === token ? { token, origin, account } : null;
  } catch {
    return null;
  }
}
