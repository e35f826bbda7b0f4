/** Cases from the field about the word *verified*, and the tests that demand what is right. */
export const FIELD_CASES: ReadonlyArray<readonly [string, string]> = [
  [
    'A blob in the cache with a wrong byte, whoever left it; a link to any file of the right length',
    '`test/integration/trust.test.ts`: a content that is in the cache already; a volume without links',
  ],
  [
    'A file whose hash nobody here knows, with and without a network',
    '`test/integration/trust.test.ts`: verify of a snapshot of real files; `src/cli/commands/verify.test.ts`: exits with 9',
  ],
  [
    'Lists that are cut or empty, pages that overlap',
    '`src/engine/hub/tree.test.ts`: is not believed when its list may have been cut, and the four after it',
  ],
  [
    'A finished download that is asked for again and gets no answer',
    '`test/integration/trust.test.ts`: a finished download that is asked for again',
  ],
  [
    'A shard that the repository lacks; weights that are a git-lfs pointer',
    '`test/integration/trust.test.ts`: a repository that cannot be loaded',
  ],
  [
    'Numbers that are lower than before: a partial deleted, chunks repaired',
    '`test/integration/trust.test.ts`: numbers; `test/integration/check-events.ts` for every run',
  ],
  [
    'A file that ends while a slow disk syncs',
    '`test/integration/slow-sync.test.ts`; `src/engine/contents/checkpointer.test.ts`: release',
  ],
  [
    'A byte flipped in flight in a file of three chunks, nothing suspicious',
    '`test/integration/damage-in-flight.test.ts`: of three chunks, with nothing suspicious',
  ],
];
