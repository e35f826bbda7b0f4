import { Menu as BaseMenu } from '@base-ui/react/menu';
import type { ReactElement, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './popup.module.css';

/** One line of a {@link Menu}. */
export interface MenuItem {
  readonly label: string;
  readonly onSelect: () => void;
  readonly icon?: ReactNode;
  /** Shown at the right; the menu does not handle it. */
  readonly shortcut?: string;
  readonly isDanger?: boolean;
  readonly isDisabled?: boolean;
}

/** A pull-down menu on `trigger` (one button element). `'separator'` draws a line. */
export function Menu(props: {
  readonly trigger: ReactElement;
  readonly items: ReadonlyArray<MenuItem | 'separator'>;
  /** It was asked for before it was there. */
  readonly isOpenAtFirst?: boolean;
}) {
  return (
    <BaseMenu.Root modal={false} defaultOpen={props.isOpenAtFirst === true}>
      <BaseMenu.Trigger render={props.trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="end" collisionPadding={8} className={styles.positioner}>
          <BaseMenu.Popup className={styles.menu}>
            {props.items.map((item, index) =>
              item === 'separator' ? (
                // biome-ignore lint/suspicious/noArrayIndexKey: a separator has nothing but its place.
                <BaseMenu.Separator key={`separator-${index}`} className={styles.separator} />
              ) : (
                <Line key={item.label} item={item} />
              ),
            )}
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}

function Line({ item }: { readonly item: MenuItem }) {
  return (
    <BaseMenu.Item
      className={classNames(styles.item, item.isDanger === true && styles.danger)}
      disabled={item.isDisabled === true}
      onClick={item.onSelect}
    >
      {item.icon}
      {item.label}
      {item.shortcut === undefined ? null : (
        <span aria-hidden="true" className={styles.shortcut}>
          {item.shortcut}
        </span>
      )}
    </BaseMenu.Item>
  );
}
