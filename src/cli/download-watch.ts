import type { Engine } from '../engine/engine.ts';
import type { DoneEvent, EngineEvent, FailedEvent } from '../shared/contract/events.ts';
import { catalogModels } from './catalog-models.ts';
import type { CliIo } from './io.ts';
import {
  EMPTY_MODEL,
  type Following,
  type ProgressModel,
  takeEvent,
  takeSnapshot,
} from './output/progress-model.ts';
import type { ProgressOutput } from './output/progress-output.ts';
import { downloadName } from './output/words.ts';

/** Snapshots are taken so often, and the output is reminded of the passing of time. Milliseconds. */
const TICK_MS = 250;

/** The last event of a download. */
export type Ending = DoneEvent | FailedEvent;

/** Starts downloads on an open engine. @returns the ids to follow */
export type BeginDownloads = (engine: Engine) => Promise<readonly string[]>;

/** Follows the downloads of one run. */
export interface DownloadWatch {
  /**
   * Listens to `engine`, starts downloads and waits until each has ended: id → its last event. Events that come before
   * the ids are known are kept until they are. Rejects when a download cannot be started or the engine not be asked.
   */
  follow(engine: Engine, begin: BeginDownloads): Promise<ReadonlyMap<string, Ending>>;
  /** What is known so far. */
  model(): ProgressModel;
  /** Ends listening and leaves the terminal as it was found. */
  stop(): void;
}

/** What {@link createDownloadWatch} works with. */
export interface WatchDeps {
  readonly io: Pick<CliIo, 'now' | 'every'>;
  readonly output: ProgressOutput;
}

/** Shows on `output` what happens to the downloads of one run. */
export function createDownloadWatch({ io, output }: WatchDeps): DownloadWatch {
  const early: EngineEvent[] = [];
  const endings = new Map<string, Ending>();
  const cleanups: Array<() => void> = [() => output.stop()];
  const finished = Promise.withResolvers<ReadonlyMap<string, Ending>>();
  let following: Following | null = null;
  let model = EMPTY_MODEL;
  let modelSeq = -1;

  const take = (event: EngineEvent) => {
    if (following === null) early.push(event);
    if (following?.ids.has(event.download) !== true) return;
    // The snapshot may be newer than an event that was kept.
    if (event.seq > modelSeq) model = takeEvent(model, event, io.now());
    if (event.event === 'done' || event.event === 'failed') endings.set(event.download, event);
    output.show(model, event);
    finishIfDone(following);
  };
  const finishIfDone = ({ ids }: Following) => {
    if ([...ids].every((id) => endings.has(id))) finished.resolve(endings);
  };
  const ask = async (engine: Engine, followed: Following) => {
    const snapshot = await engine.call('snapshot', {});
    modelSeq = snapshot.seq;
    model = takeSnapshot(model, snapshot, followed, io.now());
  };
  const keepAsking = (engine: Engine, followed: Following) => {
    let asking = false;
    return io.every(TICK_MS, () => {
      output.show(model, null);
      if (asking) return;
      asking = true;
      ask(engine, followed)
        .catch((cause: unknown) => finished.reject(cause))
        .finally(() => {
          asking = false;
        });
    });
  };

  return {
    async follow(engine, begin) {
      cleanups.push(engine.on(take));
      const models = await catalogModels(engine);
      const followed = {
        ids: new Set(await begin(engine)),
        nameOf: (view) => downloadName(view, models),
      } satisfies Following;
      await ask(engine, followed);
      following = followed;
      for (const event of early.splice(0)) take(event);
      cleanups.push(keepAsking(engine, followed));
      finishIfDone(followed);
      return finished.promise;
    },
    model: () => model,
    stop() {
      for (const cleanup of cleanups.splice(0).reverse()) cleanup();
    },
  };
}
