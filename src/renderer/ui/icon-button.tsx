import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './icon-button.module.css';
import { useRowTabStop } from './row-focus.ts';
import { Tooltip } from './tooltip.tsx';

export interface IconButtonProps
  extends Omit<ComponentPropsWithRef<'button'>, 'className' | 'style' | 'type' | 'children' | 'aria-label'> {
  /** Accessible name, and the tooltip shown on hover and focus. */
  readonly label: string;
  /** An icon of lucide-react, 16 px: `<Pause size={16} />`. */
  readonly icon: ReactNode;
  /** Keyboard shortcut, shown in the tooltip: `Space`. */
  readonly shortcut?: string;
  /** For a toggle button. */
  readonly isPressed?: boolean;
}

/**
 * The same look without a tip of its own and without the machinery behind one: for rows of long lists, which come and go while somebody
 * scrolls. The name is shown by the system.
 */
export function LightIconButton({ label, icon, ...rest }: Omit<IconButtonProps, 'shortcut' | 'isPressed'>) {
  const tabStop = useRowTabStop();
  return (
    <button {...rest} {...tabStop} type="button" aria-label={label} title={label} className={styles.button}>
      {icon}
    </button>
  );
}

/** A button with an icon alone. It is always named, and the name can be seen. */
export function IconButton({ label, icon, shortcut, isPressed, ...rest }: IconButtonProps) {
  const tabStop = useRowTabStop();
  return (
    <Tooltip text={shortcut === undefined ? label : `${label} (${shortcut})`}>
      <BaseButton
        {...rest}
        {...tabStop}
        type="button"
        aria-label={label}
        {...(isPressed === undefined ? {} : { 'aria-pressed': isPressed })}
        className={classNames(styles.button, isPressed === true && styles.pressed)}
      >
        {icon}
      </BaseButton>
    </Tooltip>
  );
}
