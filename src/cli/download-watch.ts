import type { ConnectedEngine } from '../engine/connect/connect-engine.ts';
import { classify } from '../engine/errors/classify.ts';
import type { DoneEvent, EngineEvent, FailedEvent } from '../shared/contract/events.ts';
import type { DownloadView } from '../shared/model/download.ts';
import type { DownloadsState } from '../shared/projection/downloads-state.ts';
import { createMirror } from '../shared/projection/mirror.ts';
import { isActive } from '../shared/projection/totals.ts';
import { catalogModels } from './catalog-models.ts';
import type { CliIo } from './io.ts';
import { EMPTY_MODEL, type Following, type ProgressModel, takeState } from './output/progress-model.ts';
import type { ProgressOutput } from './output/progress-output.ts';
import { downloadName } from './output/words.ts';
import { unheardEnding } from './unheard-ending.ts';

/** Interval in which the output is updated. Milliseconds. */
const TICK_MS = 250;

/** The last event of a download. */
export type Ending = DoneEvent | FailedEvent;

/** Starts downloads on an open engine. @returns the ids to follow */
export type BeginDownloads = (engine: ConnectedEngine) => Promise<readonly string[]>;

/** Follows the downloads of one run. */
export interface DownloadWatch {
  /**
   * Subscribes to `engine`, starts downloads and waits until each has ended: id → its last event. Events that arrive
   * before the ids are known are kept until they are. Rejects when a download cannot be started or the engine cannot be
   * reached.
   */
  follow(engine: ConnectedEngine, begin: BeginDownloads): Promise<ReadonlyMap<string, Ending>>;
  /** The current model. */
  model(): ProgressModel;
  /** Unsubscribes and restores the terminal. */
  stop(): void;
}

/** Dependencies of {@link createDownloadWatch}. */
export interface WatchDeps {
  readonly io: Pick<CliIo, 'now' | 'every'>;
  readonly output: ProgressOutput;
}

/** The last event is newer than a snapshot from before it. */
function withEnding(view: DownloadView, ending: Ending | undefined): DownloadView {
  if (ending === undefined) return view;
  if (ending.event === 'done') return { ...view, state: 'ready', snapshot: ending.snapshot };
  return { ...view, state: 'failed', reason: ending.message };
}

/** Shows on `output` what happens to the downloads of one run. */
export function createDownloadWatch({ io, output }: WatchDeps): DownloadWatch {
  const early: EngineEvent[] = [];
  const endings = new Map<string, Ending>();
  const cleanups: Array<() => void> = [() => output.stop()];
  const finished = Promise.withResolvers<ReadonlyMap<string, Ending>>();
  let following: Following | null = null;
  let state: DownloadsState | null = null;
  let model = EMPTY_MODEL;
  /** The owner changed: it may have ended between the end of a download and the event about it. */
  let isNewRun = false;

  const look = () => {
    if (following === null || state === null) return;
    const downloads = state.downloads.map((view) => withEnding(view, endings.get(view.id)));
    model = takeState(model, { ...state, downloads }, following, io.now());
  };
  const take = (event: EngineEvent) => {
    if (following === null) early.push(event);
    // The end of a download is the last word on it, also where a guest concludes it before late numbers arrive.
    if (following?.ids.has(event.download) !== true || endings.has(event.download)) return;
    if (event.event === 'done' || event.event === 'failed') endings.set(event.download, event);
    look();
    output.show(model, event);
    finishIfDone(following);
  };
  /** Downloads that ended without an event: dropped, or finished by an owner that was killed. */
  const endUnheard = () => {
    if (following === null || state === null || early.length > 0) return;
    for (const id of following.ids) {
      const view = state.downloads.find((each) => each.id === id);
      const ending = endings.has(id) ? null : unheardEnding(id, view, isNewRun, io.now());
      if (ending !== null) take(ending);
    }
  };
  const finishIfDone = ({ ids }: Following) => {
    if ([...ids].every((id) => endings.has(id))) finished.resolve(endings);
  };
  const mirrorOf = (engine: ConnectedEngine) =>
    createMirror({
      takeSnapshot: async () => {
        try {
          return { ok: true, value: await engine.call('snapshot', {}) };
        } catch (error) {
          finished.reject(error);
          return { ok: false, error: classify(error).toData() };
        }
      },
      onChange: (next) => {
        state = next;
        endUnheard();
      },
    });

  /** Under a new owner, what was running is started again; what was paused stays paused. */
  const goOn = async (engine: ConnectedEngine, refreshed: Promise<void>) => {
    await refreshed;
    for (const { id, state: now } of state?.downloads ?? []) {
      const isMine = following?.ids.has(id) === true && !endings.has(id);
      if (isMine && isActive({ state: now })) await engine.call('downloads.resume', { id });
    }
  };

  return {
    async follow(engine, begin) {
      const mirror = mirrorOf(engine);
      cleanups.push(
        engine.on((event) => {
          mirror.receive(event);
          take(event);
        }),
      );
      cleanups.push(
        engine.onNewRun(() => {
          isNewRun = true;
          goOn(engine, mirror.refresh()).catch((error: unknown) => finished.reject(error));
        }),
      );
      const models = await catalogModels(engine);
      const followed = {
        ids: new Set(await begin(engine)),
        nameOf: (view) => downloadName(view, models),
      } satisfies Following;
      await mirror.refresh();
      following = followed;
      look();
      for (const event of early.splice(0)) take(event);
      endUnheard();
      cleanups.push(
        io.every(TICK_MS, () => {
          look();
          output.show(model, null);
        }),
      );
      finishIfDone(followed);
      return finished.promise;
    },
    model: () => model,
    stop() {
      for (const cleanup of cleanups.splice(0).reverse()) cleanup();
    },
  };
}
