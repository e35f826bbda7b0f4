import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import type { Coalesced } from './at-most-every.ts';

/**
 * Keeps a display up to date: at once when a download or a build was added, removed or changed its state, because then
 * a menu offers other items; numbers alone can wait for the next interval.
 */
export function followState(deps: Pick<ShellDeps, 'state' | 'engineStatus'>, updates: Coalesced): () => void {
  let shape = shapeOf(deps.state.current());
  const ends = [
    deps.state.onChange((state) => {
      const next = shapeOf(state);
      if (next === shape) updates.request();
      else updates.flush();
      shape = next;
    }),
    deps.engineStatus.onChange(updates.flush),
  ];
  return () => {
    for (const end of ends) end();
  };
}

function shapeOf(state: DownloadsState | null): string {
  const work = [...(state?.downloads ?? []), ...(state?.builds ?? [])];
  return work.map(({ id, state }) => `${id} ${state}`).join('\n');
}
