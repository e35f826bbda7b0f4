import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import { classify } from '../../engine/errors/classify.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { createMirror } from '../../shared/projection/mirror.ts';
import { catalogModels } from '../catalog-models.ts';
import { EXIT } from '../exit-codes.ts';
import { chooseProgress } from '../output/choose-progress.ts';
import { printNotice } from '../output/print.ts';
import { EMPTY_MODEL, takeState } from '../output/progress-model.ts';
import type { ProgressOutput } from '../output/progress-output.ts';
import { downloadName } from '../output/words.ts';
import { type Session, withEngine } from '../session.ts';

/** Interval in which the output is updated, in milliseconds. */
const TICK_MS = 250;
/** Interval in which to look for an owner while there is none, in milliseconds. */
const LOOK_AGAIN_MS = 2000;

/** `watch`: a live view of everything, whoever owns it, until the user asks to stop. Changes nothing. */
export async function runWatch(session: Session): Promise<number> {
  const { io, global } = session;
  const output = chooseProgress(io, global);
  const use = { access: 'live', anySettings: true } as const;
  let saidIdle = false;
  try {
    for (;;) {
      await withEngine(session, use, async (engine) => {
        const isIdle = engine.owner === null;
        if (isIdle && !saidIdle) printNotice(session, 'Nothing is running. What starts is shown here.');
        saidIdle = isIdle;
        await watchOwner(session, engine, output);
      });
    }
  } catch (cause) {
    if (!io.stop.aborted) throw cause;
    return EXIT.done;
  } finally {
    output.stop();
  }
}

/** Resolves when it is time to look for an owner again. */
async function watchOwner({ io }: Session, engine: ConnectedEngine, output: ProgressOutput): Promise<void> {
  const over = Promise.withResolvers<void>();
  const models = await catalogModels(engine);
  let model = EMPTY_MODEL;
  let state: DownloadsState | null = null;
  const mirror = createMirror({
    takeSnapshot: async () => {
      try {
        return { ok: true, value: await engine.call('snapshot', {}) };
      } catch (error) {
        over.reject(error);
        return { ok: false, error: classify(error).toData() };
      }
    },
    onChange: (next) => {
      state = next;
    },
  });
  const show = (event: EngineEvent | null) => {
    if (state === null) return;
    const ids = new Set(state.downloads.filter((view) => view.state !== 'ready').map(({ id }) => id));
    model = takeState(model, state, { ids, nameOf: (view) => downloadName(view, models) }, io.now());
    output.show(model, event);
  };
  const cleanups = [
    engine.onNewRun(() => over.resolve()),
    engine.on((event) => {
      mirror.receive(event);
      show(event);
    }),
    io.every(TICK_MS, () => show(null)),
    ...(engine.owner === null ? [io.after(LOOK_AGAIN_MS, over.resolve)] : []),
  ];
  try {
    await mirror.refresh();
    show(null);
    await over.promise;
  } finally {
    for (const cleanup of cleanups) cleanup();
  }
}
