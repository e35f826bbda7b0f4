import fc from 'fast-check';

const MIB = 1 << 20;

/** A file of the repository. Files with the same seed and size have the same content. */
export interface FileSpec {
  readonly size: number;
  readonly seed: number;
  readonly lfs: boolean;
}

/** What goes wrong with an answer. Sizes in bytes, times in milliseconds. */
export type Trouble =
  | { readonly kind: 'cut'; readonly bytes: number; readonly reset: boolean }
  | { readonly kind: 'cut before headers' }
  | { readonly kind: 'stall before headers'; readonly ms: number }
  | { readonly kind: 'stall after headers'; readonly ms: number }
  | { readonly kind: 'stall'; readonly bytes: number; readonly ms: number }
  | { readonly kind: 'too many requests'; readonly html: boolean }
  | { readonly kind: 'server error'; readonly status: number }
  | { readonly kind: 'shifted range'; readonly bytes: number }
  | { readonly kind: 'wrong total'; readonly total: number }
  | { readonly kind: 'whole body' }
  | { readonly kind: 'refused range' }
  | { readonly kind: 'short body'; readonly bytes: number; readonly told: 'right' | 'short' }
  | { readonly kind: 'expired URL' }
  | { readonly kind: 'sign-in page' }
  | { readonly kind: 'gzip' }
  | { readonly kind: 'redirect to itself' };

/** Which requests are meant: for content, for where a content is, or for the list of files. */
export type Asked = 'content' | 'location' | 'list';

export interface FaultSpec {
  readonly asked: Asked;
  /** From the n-th such request on. */
  readonly nth: number;
  readonly times: number;
  readonly trouble: Trouble;
}

/** A byte of a file that arrives inverted in its n-th copy. `at` is its place as a share of the file. */
export interface FlipSpec {
  readonly file: number;
  readonly at: number;
  readonly nth: number;
}

/** What happens to the disk while nothing runs. `at` is a share of the file. */
export type Damage =
  | { readonly kind: 'flip'; readonly file: number; readonly at: number }
  /** In what was received of a chunk that is not finished; `at` is a share of that. */
  | { readonly kind: 'flip unfinished'; readonly file: number; readonly at: number }
  | { readonly kind: 'truncate'; readonly file: number; readonly at: number }
  | { readonly kind: 'delete'; readonly file: number }
  | { readonly kind: 'delete the ledger' };

/** The download is interrupted once this share of all bytes was served. */
export interface BreakSpec {
  readonly at: number;
  readonly how: 'pause' | 'close';
  readonly damage: readonly Damage[];
}

/** What another tool left of a file: its first bytes, right or wrong. */
export interface ForeignSpec {
  readonly file: number;
  readonly share: number;
  readonly right: boolean;
}

export interface Scenario {
  readonly files: readonly FileSpec[];
  readonly chunkBytes: number;
  readonly workers: number;
  readonly bytesPerSecond: number;
  readonly faults: readonly FaultSpec[];
  readonly flips: readonly FlipSpec[];
  readonly breaks: readonly BreakSpec[];
  readonly foreign: ForeignSpec | null;
}

const share = fc.nat({ max: 1000 }).map((n) => n / 1000);
const fileIndex = fc.nat({ max: 5 });
const bytes = fc.nat({ max: 1_200_000 });
const ms = fc.integer({ min: 1, max: 300 });

const size = fc.oneof(
  fc.nat({ max: 5000 }),
  fc.tuple(fc.integer({ min: 1, max: 2 }), fc.integer({ min: -1, max: 1 })).map(([n, d]) => n * MIB + d),
  fc.nat({ max: 3_000_000 }),
);
const file: fc.Arbitrary<FileSpec> = fc.record({
  size: fc.oneof({ weight: 1, arbitrary: fc.constant(MIB) }, { weight: 9, arbitrary: size }),
  seed: fc.nat({ max: 1 }),
  lfs: fc.boolean(),
});

const trouble: fc.Arbitrary<Trouble> = fc.oneof(
  fc.record({ kind: fc.constant('cut'), bytes, reset: fc.boolean() }),
  fc.record({ kind: fc.constant('cut before headers') }),
  fc.record({ kind: fc.constantFrom('stall before headers', 'stall after headers'), ms }),
  fc.record({ kind: fc.constant('stall'), bytes, ms }),
  fc.record({ kind: fc.constant('too many requests'), html: fc.boolean() }),
  fc.record({ kind: fc.constant('server error'), status: fc.constantFrom(500, 502, 503, 504) }),
  fc.record({ kind: fc.constant('shifted range'), bytes: fc.constantFrom(-1, 1, 4096) }),
  fc.record({ kind: fc.constant('wrong total'), total: fc.nat({ max: 4_000_000 }) }),
  fc.record({ kind: fc.constantFrom('whole body', 'refused range', 'expired URL') }),
  fc.record({ kind: fc.constantFrom('sign-in page', 'gzip', 'redirect to itself') }),
  fc.record({ kind: fc.constant('short body'), bytes, told: fc.constantFrom('right', 'short') }),
) as fc.Arbitrary<Trouble>;

/** A list or a location that is not what a Hub returns ends a download by design, so these only fail in passing. */
const passing = fc.oneof(
  fc.record({ kind: fc.constant('cut before headers') }),
  fc.record({ kind: fc.constant('stall before headers'), ms }),
  fc.record({ kind: fc.constant('too many requests'), html: fc.boolean() }),
  fc.record({ kind: fc.constant('server error'), status: fc.constantFrom(500, 502, 503) }),
) as fc.Arbitrary<Trouble>;

const nth = fc.integer({ min: 1, max: 8 });
const fault: fc.Arbitrary<FaultSpec> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      asked: fc.constant<Asked>('content'),
      nth,
      times: fc.integer({ min: 1, max: 3 }),
      trouble,
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      asked: fc.constantFrom<Asked>('location', 'list'),
      nth: fc.integer({ min: 1, max: 3 }),
      times: fc.integer({ min: 1, max: 2 }),
      trouble: passing,
    }),
  },
);

const damage: fc.Arbitrary<Damage> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ kind: fc.constant<'flip'>('flip'), file: fileIndex, at: share }) },
  {
    weight: 4,
    arbitrary: fc.record({
      kind: fc.constant<'flip unfinished'>('flip unfinished'),
      file: fileIndex,
      at: share,
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({ kind: fc.constant<'truncate'>('truncate'), file: fileIndex, at: share }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'delete'>('delete'), file: fileIndex }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant<'delete the ledger'>('delete the ledger') }) },
);

/** Downloads with everything that may go wrong and must not matter in the end. */
export const scenario: fc.Arbitrary<Scenario> = fc.record({
  files: fc.array(file, { minLength: 1, maxLength: 6 }),
  chunkBytes: fc.constantFrom(MIB, MIB, MIB + 4096, 2 * MIB),
  workers: fc.integer({ min: 1, max: 8 }),
  bytesPerSecond: fc.integer({ min: 4_000_000, max: 30_000_000 }),
  faults: fc.array(fault, { maxLength: 6 }),
  flips: fc.array(fc.record({ file: fileIndex, at: share, nth: fc.integer({ min: 1, max: 3 }) }), {
    maxLength: 4,
  }),
  breaks: fc.array(
    fc.record({
      at: share,
      how: fc.constantFrom<'pause' | 'close'>('pause', 'close'),
      damage: fc.array(damage, { maxLength: 2 }),
    }),
    { maxLength: 3 },
  ),
  foreign: fc.option(fc.record({ file: fileIndex, share, right: fc.boolean() }), { freq: 3 }),
});
