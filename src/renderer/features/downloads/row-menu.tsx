import { Ellipsis } from 'lucide-react';
import { memo } from 'react';
import type { DownloadView } from '../../../shared/model/download.ts';
import { usePreferences, useStores } from '../../stores/stores-context.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Menu, type MenuItem } from '../../ui/menu.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import type { RowActions } from '../download/row-actions.ts';
import { words } from '../download/words.ts';

interface RowMenuProps {
  readonly view: DownloadView;
  readonly actions: RowActions;
}

/** What else can be done to a download. It does not change with every byte. */
export const RowMenu = memo(function RowMenu(props: RowMenuProps) {
  const { navigation } = useStores();
  const isMac = thisPlatform() === 'darwin';
  const hasPage = usePreferences(({ info }) => info?.endpoint.startsWith('https:') === true);
  const inspect = () => {
    navigation.getState().select(props.view.id);
    if (!navigation.getState().isInspectorOpen) navigation.getState().toggleInspector();
  };
  return (
    <Menu
      trigger={<IconButton label={words.more} icon={<Ellipsis size={16} />} />}
      items={[
        { label: words.showInspector, onSelect: inspect, ...(isMac ? { shortcut: '⌥⌘I' } : {}) },
        ...(props.view.state === 'ready' ? finishedItems(props, isMac) : activeItems(props)),
        'separator',
        ...(hasPage ? [{ label: words.openPage, onSelect: () => props.actions.openPage(props.view) }] : []),
        { label: words.copyDiagnostics, onSelect: () => void props.actions.copyDiagnostics(props.view) },
      ]}
    />
  );
}, isSameMenu);

function isSameMenu(a: RowMenuProps, b: RowMenuProps): boolean {
  const same = (key: 'id' | 'state' | 'snapshot' | 'commit') => a.view[key] === b.view[key];
  const isKnown = a.view.totalBytes > 0 === b.view.totalBytes > 0;
  return (
    a.actions === b.actions && isKnown && same('id') && same('state') && same('snapshot') && same('commit')
  );
}

function activeItems({ view, actions }: RowMenuProps): Array<MenuItem | 'separator'> {
  return [
    'separator',
    { label: words.moveUp, onSelect: () => actions.moveBy(view.id, -1) },
    { label: words.moveDown, onSelect: () => actions.moveBy(view.id, 1) },
    'separator',
    {
      label: words.reveal[thisPlatform()],
      onSelect: () => actions.reveal(view),
      isDisabled: view.receivedBytes === 0,
    },
    { label: words.copyPath, onSelect: () => actions.copy(actions.pathOf(view), words.copiedPath) },
    {
      label: words.importPartial,
      onSelect: () => void actions.importPartial(view.id),
      isDisabled: view.totalBytes === 0,
    },
  ];
}

function finishedItems({ view, actions }: RowMenuProps, isMac: boolean): Array<MenuItem | 'separator'> {
  const { snapshot } = view;
  const { python, cli } = actions.snippets(view);
  return [
    {
      label: words.reveal[thisPlatform()],
      onSelect: () => actions.reveal(view),
      isDisabled: snapshot === null,
      shortcut: '↩',
    },
    { label: words.verify, onSelect: () => actions.verify(view), ...(isMac ? { shortcut: '⌥⌘R' } : {}) },
    'separator',
    {
      label: words.copyPath,
      onSelect: () => actions.copy(snapshot ?? '', words.copiedPath),
      isDisabled: snapshot === null,
    },
    ...(python === null
      ? []
      : [{ label: words.copyPython, onSelect: () => actions.copy(python, words.copiedSnippet) }]),
    ...(cli === null
      ? []
      : [{ label: words.copyCommand, onSelect: () => actions.copy(cli, words.copiedSnippet) }]),
  ];
}
