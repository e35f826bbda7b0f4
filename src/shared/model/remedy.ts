/**
 * What helps after a failure, as a fact (`details.remedy` of an error). The terminal names an option or a command for
 * it, the window a button or a setting; each has its own sentence.
 */
export const REMEDIES = [
  /** Accept the files although they differ from the catalog. */
  'accept-changed',
  /** Use another folder for the cache, or set one at all. */
  'cache-folder',
  /** Use another folder for the data folder, or set one at all. */
  'data-folder',
  /** Use another URL of the Hub. */
  'endpoint',
  /** Use a token that has been granted access to a gated model. */
  'token-with-access',
  /** Use a token with access, in case the repository is private. */
  'token-if-private',
  /** Choose fewer or other files of a repository. */
  'choose-files',
  /** See the list of downloads. */
  'see-downloads',
  /** See what is in the cache. */
  'see-library',
  /** Cancel `details.id` first. */
  'cancel-first',
  /** Download `details.repo` first. */
  'download-first',
  /** Repair what is installed and damaged. */
  'repair',
  /** Replace what exists. */
  'replace',
  /** Use a single connection. */
  'one-connection',
] as const;
export type Remedy = (typeof REMEDIES)[number];

/** Returns the remedy of an error; undefined when it has none that is known to this version. */
export function remedyOf(details: Readonly<Record<string, unknown>>): Remedy | undefined {
  return REMEDIES.find((remedy) => remedy === details.remedy);
}
