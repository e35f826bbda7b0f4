import { Ellipsis } from 'lucide-react';
import { useState } from 'react';
import type { ContextItem } from '../../shared/contract/context-menu.ts';
import { contextItemWords } from '../../shared/format/context-menu-words.ts';
import { IconButton, LightIconButton } from './icon-button.tsx';
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
export function RowMenuButton(props: {
  readonly label: string;
  readonly groups: RowItems;
  readonly isOpenAtFirst?: boolean;
}) {
  const items = props.groups
    .filter((group) => group.length > 0)
    .flatMap(
      (group, at): Array<MenuItem | 'separator'> => [
        ...(at === 0 ? [] : (['separator'] as const)),
        ...group.map(({ name, ...rest }) => ({ ...rest, label: contextItemWords(name, thisPlatform()) })),
      ],
    );
  return (
    <Menu
      trigger={<IconButton label={props.label} icon={<Ellipsis size={16} />} />}
      items={items}
      isOpenAtFirst={props.isOpenAtFirst === true}
    />
  );
}

/** The same for a row of a long list: what is in the menu is made when it is pressed. */
export function LightRowMenuButton({
  label,
  items,
}: {
  readonly label: string;
  readonly items: () => RowItems;
}) {
  const [isAsked, setAsked] = useState(false);
  if (isAsked) return <RowMenuButton label={label} groups={items()} isOpenAtFirst />;
  return (
    <LightIconButton
      label={label}
      icon={<Ellipsis size={16} />}
      aria-haspopup="menu"
      onClick={() => setAsked(true)}
    />
  );
}
