import type { Snapshot } from '../../shared/contract/commands.ts';
import type { Outcome } from '../../shared/contract/envelope.ts';
import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import { createMirror } from '../../shared/projection/mirror.ts';
import type { EngineHost } from '../engine-host/engine-host.ts';
import { createSource } from '../foundation/followed.ts';
import type { Followed } from '../foundation/shell-deps.ts';
import type { Log } from '../logs/log.ts';

/** Main's mirror of the engine, used by tray, dock, menu and notifications. Null until the first snapshot. */
export function mirrorEngine(
  host: Pick<EngineHost, 'call' | 'onEvent' | 'status'>,
  log: Log,
): Followed<DownloadsState | null> {
  const source = createSource<DownloadsState | null>(null, (error) =>
    log.error(`A listener of the downloads failed: ${String(error)}`),
  );
  const mirror = createMirror({
    takeSnapshot: () => host.call('snapshot', {}) as Promise<Outcome<Snapshot>>,
    onChange: source.set,
  });
  host.onEvent(mirror.receive);
  host.status.onChange(({ state }) => {
    if (state === 'running') void mirror.refresh();
    const last = source.current();
    if (state !== 'running' && last) source.set(atRest(last));
  });
  return source;
}

/** Without an engine no bytes move, whatever the last event. */
function atRest(state: DownloadsState): DownloadsState {
  const downloads = state.downloads.map((view) => ({
    ...view,
    bytesPerSecond: 0,
    etaSeconds: null,
    streams: 0,
  }));
  const builds = state.builds.map((view) => ({ ...view, bytesPerSecond: 0, etaSeconds: null }));
  return { ...state, downloads, builds, verifying: {} };
}
