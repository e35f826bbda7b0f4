import type { MouseEvent } from 'react';
import type { RowItem } from '../ui/row-menu.tsx';
import { useCall, usePreferences, useStores } from './stores-context.tsx';
import { useContextMenu } from './use-context-menu.ts';

/** The context menu of a repository that is only looked at: its details, its ID, its page. `copied` is the notice about a copy. */
export function useRepositoryMenu(repo: string, copied: string): (event: MouseEvent) => void {
  const { navigation, preferences, toasts } = useStores();
  const call = useCall();
  const hasPage = usePreferences(({ info }) => info?.endpoint.startsWith('https:') === true);
  const copy = async () => {
    const outcome = await call('clipboard.write', { text: repo });
    if (outcome.ok) toasts.getState().show({ tone: 'good', text: copied });
  };
  const open = () => {
    const endpoint = preferences.store.getState().info?.endpoint ?? '';
    void call('shell.open', { url: `${endpoint.replace(/\/$/, '')}/${repo}` });
  };
  const page: readonly RowItem[] = hasPage ? [{ name: 'open-page', onSelect: open }] : [];
  return useContextMenu(() => [
    [{ name: 'preview', onSelect: () => navigation.getState().openPreview({ reference: repo }) }],
    [{ name: 'copy-id', onSelect: () => void copy() }, ...page],
  ]);
}
