import { percentOf } from '../format/percent.ts';
import type { BuildState, BuildView } from '../model/build.ts';

const ENDED: ReadonlySet<BuildState> = new Set(['ready', 'failed', 'paused']);

/** True while the engine works on it, or would if it could. */
export function isBuildActive({ state }: Pick<BuildView, 'state'>): boolean {
  return !ENDED.has(state);
}

/** True for one that runs again only on request. */
export function isBuildStopped({ state }: Pick<BuildView, 'state'>): boolean {
  return state === 'paused' || state === 'failed';
}

/** Returns the bytes read of the source and, in the verification, of the result; and the total to read. */
export function buildBytes({ state, sourceBytesDone, sourceBytes, hashedBytes, outputBytes }: BuildView): {
  readonly done: number;
  readonly total: number;
} {
  const total = sourceBytes + outputBytes;
  return { done: state === 'ready' ? total : sourceBytesDone + hashedBytes, total };
}

/** Returns the progress of a build, in percent: 100 means verified and installed. */
export function buildPercent(build: BuildView): number {
  const { done, total } = buildBytes(build);
  return Math.min(build.state === 'ready' ? 100 : 99, percentOf(done, total));
}
