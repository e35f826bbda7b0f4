import { parseText } from './option-values.ts';

const MAX_REVISION_LENGTH = 300;

/** What a `<ref>` may be, for the help of each command that takes one. */
export const REFERENCE = 'catalog id (parakeet, moshi), org/name, or a Hub URL';
/** What a `--revision` may be. */
export const REVISION = 'branch, tag or commit';

/** `--revision`. Throws BadRequest. */
export const parseRevision = parseText('--revision', MAX_REVISION_LENGTH);
