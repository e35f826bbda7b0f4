import { z } from 'zod';

/** `http:` or `https:` URL without query or fragment. */
const webAddress = z
  .url({ protocol: /^https?$/ })
  .max(2000)
  .refine((text) => !/[?#]/.test(text), 'an address without ? and #');

/**
 * What the desktop app stores itself, in `settings.json` of the data folder. What the engine stores (downloads at once,
 * profile, speed limit) is in its ledger; see `Settings`.
 */
export const preferencesSchema = z.object({
  /** Hugging Face cache to use; null follows the environment, as the Hugging Face tools do. */
  cacheDir: z.string().min(1).max(4000).nullable().default(null),
  /** URL of the Hub or of a mirror; null follows the environment. */
  endpoint: webAddress.nullable().default(null),
  /** HTTP proxy for everything; null follows the environment. */
  proxy: webAddress.nullable().default(null),
  notifications: z.boolean().default(true),
  /** Shows the icon in the menu bar or the system tray. */
  menuBarIcon: z.boolean().default(true),
  startAtLogin: z.boolean().default(false),
  /** Keeps the computer from sleeping by itself while bytes move. */
  keepAwake: z.boolean().default(true),
});

export type Preferences = z.infer<typeof preferencesSchema>;

/** A change of some preferences. Without defaults, so that absent fields stay as they are. */
export const preferencesChangeSchema = z
  .object({
    cacheDir: z.string().min(1).max(4000).nullable(),
    endpoint: webAddress.nullable(),
    proxy: webAddress.nullable(),
    notifications: z.boolean(),
    menuBarIcon: z.boolean(),
    startAtLogin: z.boolean(),
    keepAwake: z.boolean(),
  })
  .partial()
  .strict();
