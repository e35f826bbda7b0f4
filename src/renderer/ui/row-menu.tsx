import { Ellipsis } from 'lucide-react';
import type { ContextItem } from '../../shared/contract/context-menu.ts';
import { contextItemWords } from '../../shared/format/context-menu-words.ts';
import { IconButton } from './icon-button.tsx';
import { Menu, type MenuItem } from './menu.tsx';
import { thisPlatform } from './platform.ts';

/** One thing that can be done to a row. Its words are those of `contextItemWords`. */
export interface RowItem {
  readonly name: ContextItem;
  readonly onSelect: () => void;
  readonly isDisabled?: boolean;
  readonly isDanger?: boolean;
  /** Shown in the menu of the page. */
  readonly shortcut?: string;
}

/** What can be done to a row, in groups: one list for its *More* button and for its context menu. */
export type RowItems = ReadonlyArray<readonly RowItem[]>;

/** The button at the end of a row. */
export function RowMenuButton({ label, groups }: { readonly label: string; readonly groups: RowItems }) {
  const items = groups
    .filter((group) => group.length > 0)
    .flatMap(
      (group, at): Array<MenuItem | 'separator'> => [
        ...(at === 0 ? [] : (['separator'] as const)),
        ...group.map(({ name, ...rest }) => ({ ...rest, label: contextItemWords(name, thisPlatform()) })),
      ],
    );
  return <Menu trigger={<IconButton label={label} icon={<Ellipsis size={16} />} />} items={items} />;
}
