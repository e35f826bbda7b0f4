/** One case that users met, what is right then, and the tests that demand it: `file` "words of the test's name". */
export type FieldCase = readonly [input: string, right: string, tests: string];

const VERIFIED: readonly FieldCase[] = [
  [
    'A blob in the cache with a wrong byte, whoever left it; a link to any file of the right length',
    'hashed before it is called verified; a damaged one is repaired',
    '`test/integration/trust.test.ts` "is repaired when another tool left one wrong byte in it", "is not believed when it is a link to any file of the right length"',
  ],
  [
    'A file whose hash nobody here knows',
    'the hash is asked for; without a network it is *not checked*, exit code 9',
    '`test/integration/trust.test.ts` "asks the Hub for the hashes, and finds one wrong byte", "says that it could not be checked when the Hub cannot be asked"; `src/cli/commands/verify.test.ts` "exits with 9"',
  ],
  [
    'Lists that are cut or empty; pages that overlap; an index that names more files than the list',
    'the paged tree decides',
    '`src/engine/hub/tree.test.ts` "is not believed when its list may have been cut", "is asked for its tree when names of weights say that there are more", "may give an entry on two pages"; `test/integration/trust.test.ts` "because its list was cut is completed from the tree"',
  ],
  [
    'A finished download that is asked for again and gets no answer',
    'what is known of it stays',
    '`test/integration/trust.test.ts` "keeps what is known of it when the Hub does not answer"',
  ],
  [
    'A shard that the repository lacks; weights that are a git-lfs pointer',
    'brought as they are, with a warning that names them',
    '`test/integration/trust.test.ts` "is brought as it is, with a warning that names what is wrong"',
  ],
  [
    'Numbers of a finished model; reused bytes over several runs',
    '100 % when it is whole; fetched and reused add up to the size',
    '`src/cli/commands/follow-downloads.test.ts` "says 100 % in the last line"; `test/integration/trust.test.ts` "fall when another program deletes the partial"; `test/integration/numbers.test.ts` "ends with all bytes received and verified"',
  ],
];

const SERVERS: readonly FieldCase[] = [
  [
    'Storage that ignores ranges',
    'one stream from the start, which skips and compares what is on disk; said once',
    '`test/integration/faults-answer.test.ts` "brings a file of many chunks, said once", "goes on after a break by skipping what is on disk"',
  ],
  [
    'A Retry-After date of a server whose clock is wrong',
    'read against the date of the answer',
    '`src/engine/http/retry-after.test.ts` "retryAfterMs"',
  ],
  [
    'Storage with another size than the list; a body that is always compressed',
    'an end after a few tries, with both sizes or the encoding',
    '`test/integration/field-servers.test.ts` "but %s, ends the download after a few tries"; `src/engine/transfer/failure-policy.test.ts` "a server that has another file than the Hub lists"',
  ],
  [
    'A repository manager without a tree of files, a list without sizes',
    'asked by name, then file by file; else the routes are named',
    '`test/integration/repository-manager.test.ts` "and %s gives the whole model"; `src/engine/hub/describe-files.test.ts` "and without checksums cannot be used"',
  ],
  [
    'The block page of a company or country',
    'told as that, with its title',
    '`test/integration/field-servers.test.ts` "is told with the title of its page"',
  ],
];

const NETWORKS: readonly FieldCase[] = [
  [
    'Addresses that swallow everything, slow round trips',
    'connects within two seconds',
    '`src/engine/http/address-race.test.ts` "a host with several addresses", "leaves an address more time where connections take long"',
  ],
  [
    'SOCKS proxies, with and without a password',
    'work in every spelling that curl takes; others are named at once',
    '`src/engine/http/socks-connector.test.ts` "a SOCKS proxy", "gets user name and password"; `src/engine/http/proxy-settings.test.ts` "socks6"',
  ],
  [
    'A wrong password for the proxy',
    'needs the user; no endless retry',
    '`src/engine/http/socks-connector.test.ts` "that wants another password needs the user"; `src/engine/http/dispatcher.test.ts` "lets a refusal of the proxy"',
  ],
];

const CACHES: readonly FieldCase[] = [
  [
    'A model that is whole, and no Hub',
    'ready after one question, or at once where the commit is named in full',
    '`test/integration/offline.test.ts` "is ready after one question to a Hub that %s", "is ready at once, without a question"',
  ],
  [
    'A snapshot of real files where links work',
    'used as it is',
    '`test/integration/offline.test.ts` "is used as it is, %s what the ledger knows"',
  ],
  [
    'A cache that can only be read',
    'ready; a write test comes when something is to be written',
    '`test/integration/offline.test.ts` "is ready when the model is whole in it"',
  ],
  [
    'A volume that tells no blocks',
    'unknown is not full',
    '`src/engine/disk/disk-guard.test.ts` "lets writing decide where the room is not known"',
  ],
  [
    'A volume that can never hold the files',
    'exit code 6 at once, with both numbers',
    '`test/integration/disk.test.ts` "that can never hold the files is told at once"',
  ],
  [
    'A cache folder that is a link to a disk that is not there',
    'waited for, by name',
    '`test/integration/offline.test.ts` "is waited for, and used when the disk is back"',
  ],
  [
    'A folder of a shared cache that belongs to somebody else',
    'named before the first byte, with its owner',
    '`test/integration/offline.test.ts` "is told before the first byte, by name"',
  ],
  [
    'No home folder',
    'works where folders are named; else one sentence',
    '`src/engine/cache/cache-dir.test.ts` "can use all folders that are named"; `src/cli/settings.test.ts` "needs a home folder, and knows what helps without one"',
  ],
  [
    'A data folder on a volume without file locks, or without shared memory',
    'told as that, with `--data-dir`',
    '`src/engine/ledger/unfit-volume.test.ts` "is told as that, and how to choose another", "or without memory that programs share"',
  ],
  [
    'Few files may be open (`ulimit -n 100`)',
    'fewer are opened; it ends well',
    '`test/integration/few-files.test.ts` "brings 200 of them all the same"; `src/engine/disk/open-files.test.ts` "halves what was too much"',
  ],
];

const HABITS: readonly FieldCase[] = [
  [
    'A paused download whose commit is gone',
    'says what happened; `--accept-changed` moves it, with every byte that is the same',
    '`test/integration/rewritten-history.test.ts` "continues with the branch of today when told to"',
  ],
  [
    'One name that cannot be written beside good ones',
    'the others can be had; the bad one is named',
    '`test/integration/field-servers.test.ts` "gives the files that are %s", "is refused by that name"',
  ],
  [
    '`folder/*`; a filter that matches nothing',
    'all that is in it; names that come near',
    '`test/integration/field-servers.test.ts` "is all that is in it, however deep"; `src/engine/queue/selection.test.ts` "names what comes near a file that is not there"',
  ],
  [
    'References as people paste them',
    'understood, or one sentence with the way it is done here',
    '`src/engine/hub/reference.test.ts` "says how %j is done here"; `test/integration/cli-bad-input.test.ts` "is refused in one sentence"',
  ],
  [
    'Gated: waiting, turned down, a right that is missing; an old token and a public model',
    'the words of the Hub, and where the token came from; goes on without it',
    '`test/integration/access.test.ts` "says where the token came from", "says what a token lacks", "does not stand between a person and a public model"',
  ],
  [
    '`nohup`, a closed terminal',
    'inherited dispositions are kept',
    '`test/integration/cli-stop.test.ts` "goes on when the terminal is closed behind nohup"; `src/cli/ignored-signals.test.ts` "are known by nohup"',
  ],
  [
    'Ctrl-C with `--json`',
    'a last line with what is safe',
    '`test/integration/cli-stop.test.ts` "ends its JSON lines with what is safe"',
  ],
  ['`--limit 5`', 'asks for a unit', '`src/cli/program.test.ts` "unit is missing"'],
];

/** The cases by kind, as headings of the page name them. */
export const FIELD_CASES: ReadonlyArray<readonly [kind: string, cases: readonly FieldCase[]]> = [
  ['What *verified* means', VERIFIED],
  ['Servers that are not the Hub', SERVERS],
  ['Networks that are not plain', NETWORKS],
  ['Offline, and caches of all kinds', CACHES],
  ['References and habits', HABITS],
];
