import type { ConnectedEngine } from '../../engine/connect/connect-engine.ts';
import type { BuildView } from '../../shared/model/build.ts';
import { isActive } from '../../shared/projection/totals.ts';
import { EXIT } from '../exit-codes.ts';
import { type Session, withEngine } from '../session.ts';

/** Time limit for whoever started it to give it something to do, in milliseconds. */
const FIRST_WORK_MS = 15_000;
/** Interval between checks of the queue; found empty twice, it is done. Milliseconds. */
const LOOK_MS = 1000;

const RESTING: ReadonlySet<BuildView['state']> = new Set(['ready', 'paused', 'failed']);

/** `background`, started by `download --detach`: owns the ledger and runs the queue until nothing is left to do. */
export function runBackground(session: Session): Promise<number> {
  const use = { access: 'owner', runsQueue: true, wait: true } as const;
  return withEngine(session, use, async (engine) => {
    // Another process was faster: then there is an owner, which is all that matters.
    if (engine.owner === null) await queueIsEmpty(session, engine);
    return EXIT.done;
  });
}

function queueIsEmpty({ io }: Session, engine: ConnectedEngine): Promise<void> {
  const startedMs = io.now();
  let hadWork = false;
  let wasIdle = false;
  const isOver = async (): Promise<boolean> => {
    const { downloads, builds } = await engine.call('snapshot', {});
    const isIdle = !downloads.some(isActive) && builds.every(({ state }) => RESTING.has(state));
    hadWork ||= !isIdle;
    const isEmpty = isIdle && wasIdle && (hadWork || io.now() - startedMs >= FIRST_WORK_MS);
    wasIdle = isIdle;
    return isEmpty;
  };
  return new Promise((resolve, reject) => {
    const end = io.every(LOOK_MS, () => {
      isOver().then((over) => {
        if (!over) return;
        end();
        resolve();
      }, reject);
    });
  });
}
