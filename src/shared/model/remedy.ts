/**
 * What helps after a failure, as a fact (`details.remedy` of an error). How it is done differs: the terminal names an option or a
 * command, the window a button or a setting. Each has its own sentence for it.
 */
export const REMEDIES = [
  /** Take the files although they are not those that the catalog names. */
  'accept-changed',
  /** Another folder for the cache, or one at all. */
  'cache-folder',
  /** Another folder for what Haulyard remembers, or one at all. */
  'data-folder',
  /** Another address of the Hub. */
  'endpoint',
  /** A token that has been granted access to a gated model. */
  'token-with-access',
  /** A token that may read what is private, if that is what it is. */
  'token-if-private',
  /** Fewer or other files of a repository. */
  'choose-files',
  /** A look at the downloads that there are. */
  'see-downloads',
  /** A look at what the cache has. */
  'see-library',
  /** `details.id` has to be canceled first. */
  'cancel-first',
  /** `details.repo` has to be downloaded first. */
  'download-first',
  /** What is installed is damaged and has to be repaired. */
  'repair',
  /** What is there may be replaced. */
  'replace',
  /** A single connection. */
  'one-connection',
] as const;
export type Remedy = (typeof REMEDIES)[number];

/** The remedy that an error names; undefined when it names none that is known here. */
export function remedyOf(details: Readonly<Record<string, unknown>>): Remedy | undefined {
  return REMEDIES.find((remedy) => remedy === details.remedy);
}
