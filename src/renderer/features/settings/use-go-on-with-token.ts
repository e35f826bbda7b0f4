import type { ErrorCode } from '../../../shared/contract/errors.ts';
import type { Stores } from '../../stores/stores.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { words } from './words.ts';

const NEEDS_TOKEN: ReadonlySet<ErrorCode | undefined> = new Set(['Gated', 'AuthRequired']);

/** Continues what was waiting for a token, and offers the pending preview again. */
export function useGoOnWithToken(): () => Promise<void> {
  const stores = useStores();
  return async () => {
    const count = await resumeRefused(stores);
    const { afterToken, openPreview, tokenEntered } = stores.navigation.getState();
    tokenEntered();
    const text = count === 0 ? words.tokenSaved : words.tokenSavedGoesOn(count);
    const back = afterToken && {
      label: words.backTo(afterToken.reference),
      run: () => openPreview(afterToken),
    };
    stores.toasts.getState().show({ tone: 'good', text, ...(back ? { action: back } : {}) });
  };
}

async function resumeRefused({ bridge, engine }: Stores): Promise<number> {
  const downloads = engine.store.getState().downloads?.downloads ?? [];
  const refused = downloads.filter(({ state, error }) => state === 'failed' && NEEDS_TOKEN.has(error?.code));
  const outcomes = await Promise.all(refused.map(({ id }) => bridge.call('downloads.resume', { id })));
  return outcomes.filter(({ ok }) => ok).length;
}
