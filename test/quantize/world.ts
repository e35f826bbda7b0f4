import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Leases } from '../../src/engine/coordination/leases.ts';
import { DiskBudget } from '../../src/engine/disk/disk-budget.ts';
import { HashPool } from '../../src/engine/integrity/hash-pool.ts';
import type { BuildWish } from '../../src/engine/jobs/quantize/build-wish.ts';
import { Builds } from '../../src/engine/jobs/quantize/builds.ts';
import type { BuildContext, CatalogEntry } from '../../src/engine/jobs/quantize/context.ts';
import { madeFolder } from '../../src/engine/jobs/quantize/install/made-folder.ts';
import { verifyMade } from '../../src/engine/jobs/quantize/install/verify-made.ts';
import type { UnitAnswers, UnitRequest } from '../../src/engine/jobs/quantize/threads/protocol.ts';
import { startUnitWorkers, type UnitWorkers } from '../../src/engine/jobs/quantize/threads/unit-workers.ts';
import { type Ledger, openLedger } from '../../src/engine/ledger/ledger.ts';
import type { EventBody } from '../../src/shared/contract/events.ts';
import type { BuildView } from '../../src/shared/model/build.ts';
import type { VerifyReport } from '../../src/shared/model/library.ts';
import { KERNEL_MODULE } from './kernels.ts';
import { addRepository } from './make-source.ts';
import { type MoshiSizes, moshiShapes, SMALL_MOSHI } from './moshi-shapes.ts';

const engine = new URL('../../src/engine/', import.meta.url);

/** What a test may put between a build and its threads. */
export type Meddle = (request: MeddledRequest, answer: () => Promise<Answer>) => Promise<Answer>;

type Answer = UnitAnswers[keyof UnitAnswers];

/** A request to a thread. */
export type MeddledRequest = Pick<UnitRequest, 'op' | 'unit' | 'target'>;

/** What a world may be given. */
export interface WorldOptions {
  readonly entry?: CatalogEntry | null;
  readonly meddle?: Meddle;
  readonly withoutSimd?: boolean;
  /** Content of the source's `config.json`; without it there is none. */
  readonly config?: Readonly<Record<string, unknown>>;
  /** Nobody sees a build wait. */
  readonly isUnattended?: boolean;
  /** Module of the fast kernel, instead of the right one. */
  readonly kernel?: URL;
  /** Folder for built models, instead of one next to the cache. */
  readonly root?: string;
}

/** A cache with a small Moshi, a ledger and what builds from it. */
export interface QuantizeWorld {
  readonly folder: string;
  readonly cacheDir: string;
  readonly root: string;
  /** Path on disk of the source of weights. */
  readonly source: string;
  readonly events: EventBody[];
  readonly ledger: Ledger;
  builds: Builds;
  wish(changes?: Partial<BuildWish>): BuildWish;
  /** Ends this engine and starts another one on the same disk, which runs again what was running. */
  restart(options?: WorldOptions): Promise<void>;
  /** Resolves when a build is in one of these states. */
  until(id: string, ...states: ReadonlyArray<BuildView['state']>): Promise<BuildView>;
  /** Checks what was made of the wish. */
  verify(options?: { readonly quick?: boolean; readonly againstSource?: boolean }): Promise<VerifyReport>;
  /** SHA-256 of the weights of the last `build.done`. */
  readonly doneHash: () => string | undefined;
  remove(): Promise<void>;
}

export const REPO = 'kyutai/moshiko-mlx-bf16';
export const MIMI = 'tokenizer-e351c8d8-checkpoint125.safetensors';
export const SPM = 'tokenizer_spm_32k_3.model';

/** Makes a world on a real disk with real threads. */
export async function makeWorld(
  options: WorldOptions = {},
  sizes: MoshiSizes = SMALL_MOSHI,
): Promise<QuantizeWorld> {
  const folder = await mkdtemp(join(tmpdir(), 'haulyard-quantize-'));
  const cacheDir = join(folder, 'hub');
  const { snapshot } = await addRepository(
    cacheDir,
    REPO,
    new Map([['model.safetensors', moshiShapes(sizes)]]),
    [
      { path: MIMI, text: 'mimi' },
      { path: SPM, text: 'pieces' },
      { path: 'README.md', text: 'of the authors' },
      ...(options.config ? [{ path: 'config.json', text: JSON.stringify(options.config) }] : []),
    ],
  );
  const hasher = new HashPool(new URL('integrity/hash-worker.ts', engine), 2);
  const events: EventBody[] = [];
  const listeners = new Set<() => void>();
  const kernelModule = options.withoutSimd
    ? null
    : new Uint8Array(await readFile(options.kernel ?? KERNEL_MODULE));

  const root = options.root ?? join(folder, 'haulyard');
  const openBuilds = async ({ entry = null, meddle, isUnattended = false }: WorldOptions) => {
    const ledger = await openLedger({
      dataDir: join(folder, 'data'),
      runId: `run-${Math.random()}`,
      program: 'a test',
      now: Date.now,
      log: () => undefined,
      onLost: () => undefined,
    });
    const context: BuildContext = {
      ledger,
      hasher,
      leases: new Leases(),
      diskBudget: new DiskBudget(),
      clock: { now: Date.now, monotonic: () => performance.now() },
      emit: (event) => {
        events.push(event);
        for (const listener of listeners) listener();
      },
      log: () => undefined,
      waitsForDisk: !isUnattended,
      tool: 'haulyard 0.0.0-test',
      startWorkers: async (size) => {
        const workers = startUnitWorkers(
          new URL('jobs/quantize/threads/unit-worker.ts', engine),
          { kernelModule },
          size,
        );
        return meddle ? meddled(workers, meddle) : workers;
      },
      defaultWorkers: 2,
      hashOf: () => null,
      catalogEntry: () => entry,
    };
    return { ledger, context, builds: new Builds(context) };
  };

  let opened = await openBuilds(options);
  const world: QuantizeWorld = {
    folder,
    cacheDir,
    root,
    source: join(snapshot, 'model.safetensors'),
    events,
    get ledger() {
      return opened.ledger;
    },
    builds: opened.builds,
    wish: (changes = {}) => ({
      model: null,
      variant: 'q4',
      repo: REPO,
      revision: 'main',
      cacheDir,
      root,
      rule: 'metal',
      workers: null,
      force: false,
      ...changes,
    }),
    async restart(next = {}) {
      await opened.builds.close();
      await opened.ledger.close();
      opened = await openBuilds(next);
      world.builds = opened.builds;
      opened.builds.startAll();
    },
    until(id, ...states) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const view = world.builds.list().find((build) => build.id === id);
          if (
            !view ||
            states.includes(view.state) ||
            (view.state === 'failed' && !states.includes('failed'))
          ) {
            listeners.delete(look);
            if (view && states.includes(view.state)) resolve(view);
            else reject(new Error(`the build is ${view?.state ?? 'gone'}: ${view?.reason ?? ''}`));
          }
        };
        listeners.add(look);
        look();
      });
    },
    verify: ({ quick = false, againstSource = false } = {}) =>
      verifyMade(
        { folder: madeFolder(root, REPO, 'q4'), cacheDir, quick, againstSource, onProgress: () => undefined },
        opened.context,
        new AbortController().signal,
      ),
    doneHash: () => events.findLast((event) => event.event === 'build.done')?.hash,
    async remove() {
      await opened.builds.close();
      await opened.ledger.close();
      await hasher.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return world;
}

function meddled(workers: UnitWorkers, meddle: Meddle): UnitWorkers {
  return { ...workers, run: (request) => meddle(request, () => workers.run(request)) as never };
}
