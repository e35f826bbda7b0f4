import { Ellipsis } from 'lucide-react';
import { libraryKey } from '../../stores/library-store.ts';
import { useCatalog, useLibrary, usePreferences } from '../../stores/stores-context.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { loadSnippets } from '../download/load-snippets.ts';
import type { ModelRowProps } from './model-row-props.ts';
import { words } from './words.ts';

/** What else can be done to a model of the library. */
export function ModelMenu({ name, model, actions, onRemove }: ModelRowProps) {
  const models = useCatalog(({ catalog }) => catalog?.models);
  const isMac = thisPlatform() === 'darwin';
  const hasPage = usePreferences(({ info }) => info?.endpoint.startsWith('https:') === true);
  const isBusy = useLibrary((state) => state.work[libraryKey(model)] !== undefined);
  const { python, cli } = loadSnippets(model, models ?? []);
  const copy = (label: string, text: string | null): MenuItem[] =>
    text === null ? [] : [{ label, onSelect: () => void actions.copy(text, words.copiedSnippet) }];
  return (
    <Menu
      trigger={<IconButton label={words.more} icon={<Ellipsis size={16} />} />}
      items={[
        {
          label: words.verify,
          isDisabled: isBusy,
          onSelect: () => void actions.verify(model, name, 'verifying'),
          ...(isMac ? { shortcut: '⌥⌘R' } : {}),
        },
        {
          label: words.quickCheck,
          isDisabled: isBusy,
          onSelect: () => void actions.verify(model, name, 'checking'),
        },
        {
          label: words.repair,
          isDisabled: isBusy,
          onSelect: () => void actions.verify(model, name, 'repairing'),
        },
        'separator',
        { label: words.copyPath, onSelect: () => void actions.copy(model.path, words.copiedPath) },
        ...copy(words.copyPython, python),
        ...copy(words.copyCommand, cli),
        ...(hasPage ? [{ label: words.openPage, onSelect: () => actions.openPage(model.repo) }] : []),
        'separator',
        {
          label: words.remove,
          isDanger: true,
          isDisabled: isBusy,
          onSelect: onRemove,
          ...(isMac ? { shortcut: '⌘⌫' } : {}),
        },
      ]}
    />
  );
}
