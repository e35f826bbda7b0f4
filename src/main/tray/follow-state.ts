import type { DownloadsState } from '../../shared/projection/downloads-state.ts';
import type { ShellDeps } from '../foundation/shell-deps.ts';
import type { Coalesced } from './at-most-every.ts';

/**
 * Has what is shown brought up to date: at once when a download or a build appeared, went or changed its state, since then a menu offers
 * other things; numbers alone can wait for the next interval.
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
