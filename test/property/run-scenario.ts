import { readFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import type { ErrorCode } from '../../src/shared/contract/errors.ts';
import type { RequestRecord } from '../hub/http/request-log.ts';
import { openWorld, type TestEngine, type World } from '../integration/harness.ts';
import { placeForeignFiles, treeOf, wrongEntries } from './cache-folder.ts';
import { REPO, type RightFile, repositoryOf, rightFiles } from './content.ts';
import { type Damaged, inflict, type SilentPartial } from './damage.ts';
import { FetchedAgainWatch } from './fetched-again.ts';
import { addFaults, asksForContent } from './hub-faults.ts';
import { LedgerView } from './ledger-view.ts';
import type { BreakSpec, Scenario } from './scenario.ts';

/** A download with all its faults must be over by then. */
const LONGEST_MS = 60_000;
const TOKEN = 'hf_property';

/** Endings that some faults may cause when they come in a row, and after which the user continues. */
const MENDABLE: ReadonlySet<ErrorCode> = new Set([
  'RangeUnsupported',
  'AuthRequired',
  'Gated',
  'ServerError',
  'HashMismatch',
]);
const MIB = 1 << 20;
/** How often the user continues. */
const MOST_RESUMES = 12;

/** One run of a download through everything that goes wrong in it. Throws where an invariant does not hold. */
export async function runScenario(scenario: Scenario): Promise<void> {
  const files = await rightFiles(scenario);
  await using world = await openWorld([repositoryOf(scenario)], {
    tokens: { [TOKEN]: { grants: 'all' } },
    conditions: { totalBytesPerSecond: scenario.bytesPerSecond },
  });
  await new Run(scenario, files, world).toTheEnd();
}

class Run {
  readonly #scenario: Scenario;
  readonly #files: readonly RightFile[];
  readonly #world: World;
  readonly #ledger: LedgerView;
  readonly #watch: FetchedAgainWatch;
  readonly #damagedSilently = new Set<string>();
  readonly #closed = new Set<TestEngine>();
  readonly #deadlineMs = performance.now() + LONGEST_MS;
  #flipped: (hash: string) => boolean = () => false;

  constructor(scenario: Scenario, files: readonly RightFile[], world: World) {
    this.#scenario = scenario;
    this.#files = files;
    this.#world = world;
    this.#ledger = new LedgerView(world.dataDir);
    this.#watch = new FetchedAgainWatch({
      hashOf: (path) => files.find((file) => file.path === path)?.hash,
      verifiedNow: () => this.#ledger.verified(),
      mayCompare: (hash) => this.#damagedSilently.has(hash) || this.#flipped(hash),
    });
  }

  async toTheEnd(): Promise<void> {
    const { cacheDir } = this.#world;
    await placeForeignFiles(cacheDir, this.#scenario.foreign, this.#files);
    this.#expectForeignDamage();
    const before = await treeOf(cacheDir);
    this.#addFaults();
    const commit = await this.#download().catch((error: unknown) => {
      this.#requireInnocence();
      throw error;
    });
    this.#requireInnocence();
    await this.#requireRightFiles(commit);
    requireNone(wrongEntries(before, await treeOf(cacheDir), commit, this.#files), 'entries of the cache');
  }

  /** Said first, because it may be why a download did not end. */
  #requireInnocence(): void {
    requireNone(this.#world.hub.violations, 'requests that must not have come');
    requireNone(this.#watch.found, 'verified bytes that were fetched again');
  }

  /** A wrong prefix of another tool can only be found by comparing. */
  #expectForeignDamage(): void {
    const { foreign } = this.#scenario;
    const file = foreign && !foreign.right ? this.#files[foreign.file % this.#files.length] : undefined;
    if (file) this.#damagedSilently.add(file.hash);
  }

  #addFaults(): void {
    const { faults } = this.#world.hub;
    const where = (record: RequestRecord) => {
      if (asksForContent(record)) this.#watch.judge(record);
      return false;
    };
    faults.add({ match: { where }, times: Number.POSITIVE_INFINITY });
    const flips = addFaults(this.#world.hub, this.#scenario);
    const paths = (hash: string) => this.#files.filter((file) => file.hash === hash).map(({ path }) => path);
    this.#flipped = (hash) => paths(hash).some((path) => flips.get(path)?.some(({ fired }) => fired > 0));
  }

  /** Downloads with all interruptions; returns the commit. */
  async #download(): Promise<string> {
    const breaks = [...this.#scenario.breaks].sort((a, b) => a.at - b.at);
    let engine = await this.#open();
    let id = await this.#add(engine);
    let since = 0;
    for (const each of breaks) {
      await Promise.race([this.#served(each.at), this.#end(engine, id, since)]);
      if (this.#isOver(engine, id, since)) break;
      since = engine.mark();
      if (each.how === 'pause') {
        await engine.call('downloads.pause', { id });
        this.#watch.look();
        await this.#damage(each);
        await engine.call('downloads.resume', { id });
      } else {
        await this.#close(engine);
        await this.#damage(each);
        engine = await this.#open();
        id = await this.#add(engine);
        since = 0;
      }
    }
    const commit = await this.#finish(engine, id, since);
    await this.#close(engine);
    return commit;
  }

  /** Goes on until it is done, also where faults in a row ended it. */
  async #finish(engine: TestEngine, id: string, from: number): Promise<string> {
    let since = from;
    for (let resumes = 0; ; resumes += 1) {
      const { done, failed } = await this.#end(engine, id, since);
      if (done) return basename(done.snapshot);
      if (!failed || !MENDABLE.has(failed.code) || resumes >= MOST_RESUMES) {
        throw new Error(`It failed: ${failed?.code} ${failed?.message}`);
      }
      since = engine.mark();
      await engine.call('downloads.resume', { id });
    }
  }

  #isOver(engine: TestEngine, id: string, since: number): boolean {
    return engine.events.slice(since).some((event) => event.download === id && event.event === 'done');
  }

  #end(engine: TestEngine, id: string, since: number) {
    return engine.ended(id, { since, timeoutMs: Math.max(1, this.#deadlineMs - performance.now()) });
  }

  async #open(): Promise<TestEngine> {
    const engine = await this.#world.open({ token: TOKEN });
    void impatiently(engine, () => this.#closed.has(engine));
    return engine;
  }

  async #add(engine: TestEngine): Promise<string> {
    const { chunkBytes: chunkSizeBytes, workers } = this.#scenario;
    const id = await engine.add({ reference: REPO, chunkSizeBytes, workers });
    return id;
  }

  async #close(engine: TestEngine): Promise<void> {
    this.#closed.add(engine);
    this.#watch.look();
    this.#ledger.close();
    await engine.close();
    this.#watch.look();
    this.#ledger.close();
  }

  async #damage({ how, damage }: BreakSpec): Promise<void> {
    const { cacheDir, dataDir } = this.#world;
    let hasLedger = true;
    for (const each of damage) {
      if (each.kind === 'delete the ledger' && how !== 'close') continue;
      if (each.kind === 'delete the ledger') hasLedger = false;
      this.#note(await inflict(each, { cacheDir, dataDir, files: this.#files }), hasLedger);
    }
  }

  /**
   * What may be fetched again because of this: for a bit that flipped at rest one block, wherever the ledger can locate
   * it.
   */
  #note(damaged: Damaged, hasLedger: boolean): void {
    if (damaged?.what === 'ledger') this.#noteLostLedger(damaged.partials);
    if (damaged?.what !== 'bytes') return;
    const { hash, range, silent } = damaged;
    this.#watch.excuse(hash, silent ? this.#blockOf(hash, range.start) : range);
    if (silent && !hasLedger) this.#damagedSilently.add(hash);
  }

  #noteLostLedger(partials: readonly SilentPartial[]): void {
    for (const { hash, unknown, mayCompare } of partials) {
      for (const range of unknown) this.#watch.excuse(hash, range);
      if (mayCompare) this.#damagedSilently.add(hash);
    }
  }

  /** The part of a block of 1 MiB that lies in the same chunk as an offset. */
  #blockOf(hash: string, at: number) {
    const { chunkBytes } = this.#scenario;
    const size = this.#files.find((file) => file.hash === hash)?.bytes.length ?? 0;
    const chunkStart = Math.floor(at / chunkBytes) * chunkBytes;
    const blockStart = Math.floor(at / MIB) * MIB;
    const end = Math.min(size, chunkStart + chunkBytes, blockStart + MIB);
    return { start: Math.max(chunkStart, blockStart), end };
  }

  async #served(share: number): Promise<void> {
    const { hub } = this.#world;
    const total = this.#files.reduce((sum, { bytes }) => sum + bytes.length, 0);
    const enough = () =>
      hub.requests.filter(asksForContent).reduce((sum, { bytesSent }) => sum + bytesSent, 0) >= share * total;
    // When the download ends first, nobody waits for this any more.
    await hub.waitForRequest(enough, { timeoutMs: LONGEST_MS }).catch(() => undefined);
  }

  async #requireRightFiles(commit: string): Promise<void> {
    for (const { path, bytes } of this.#files) {
      const file = join(
        this.#world.cacheDir,
        `models--${REPO.replace('/', '--')}`,
        'snapshots',
        commit,
        path,
      );
      if (!(await readFile(file)).equals(bytes)) throw new Error(`${path} is not what it must be.`);
    }
  }
}

/** Ends every wait for a retry at once, until the engine is closed, so that the test does not have to sit it out. */
async function impatiently(engine: TestEngine, isClosed: () => boolean): Promise<void> {
  let since = engine.mark();
  while (!isClosed()) {
    const retry = await engine.waitFor('retry', undefined, { since, timeoutMs: 1000 }).catch(() => null);
    if (!retry) continue;
    since = engine.events.indexOf(retry) + 1;
    await engine.call('downloads.retryNow', {}).catch(() => undefined);
  }
}

function requireNone(actual: readonly unknown[], what: string): void {
  if (actual.length > 0) throw new Error(`${what}: ${JSON.stringify(actual.slice(0, 5))}`);
}
