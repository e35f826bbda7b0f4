import { useVirtualizer } from '@tanstack/react-virtual';
import { type ReactNode, useRef } from 'react';
import { classNames } from './class-names.ts';
import styles from './windowed-list.module.css';

/** Up to this many rows a list is rendered whole: the find command, screen readers and printing see all of it. */
export const WHOLE_UP_TO = 200;
/** Rows beyond the visible ones, rendered for the next step of a wheel or of Tab. */
const OVERSCAN = 8;

/** A list of rows of one height of which only the visible ones are rendered, however many there are. */
export function WindowedList<T>(props: {
  readonly items: readonly T[];
  readonly keyOf: (item: T) => string;
  /** In pixels. */
  readonly rowHeight: number;
  readonly className?: string | undefined;
  readonly children: (item: T) => ReactNode;
}) {
  if (props.items.length > WHOLE_UP_TO) return <Windowed {...props} />;
  return (
    <ul className={classNames(styles.list, props.className)}>
      {props.items.map((item) => (
        <li key={props.keyOf(item)} className={styles.row} style={{ height: props.rowHeight }}>
          {props.children(item)}
        </li>
      ))}
    </ul>
  );
}

function Windowed<T>({
  items,
  keyOf,
  rowHeight,
  className,
  children,
}: Parameters<typeof WindowedList<T>>[0]) {
  const box = useRef<HTMLUListElement>(null);
  const rows = useVirtualizer({
    count: items.length,
    getScrollElement: () => box.current,
    estimateSize: () => rowHeight,
    overscan: OVERSCAN,
  });
  return (
    <ul ref={box} className={classNames(styles.list, className)}>
      <div role="presentation" className={styles.all} style={{ height: rows.getTotalSize() }}>
        {rows.getVirtualItems().map(({ index, start }) => {
          const item = items[index];
          return item === undefined ? null : (
            <li
              key={keyOf(item)}
              className={classNames(styles.row, styles.placed)}
              style={{ height: rowHeight, transform: `translateY(${start}px)` }}
              aria-posinset={index + 1}
              aria-setsize={items.length}
            >
              {children(item)}
            </li>
          );
        })}
      </div>
    </ul>
  );
}
