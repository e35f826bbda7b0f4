import { Button as BaseButton } from '@base-ui/react/button';
import type { ComponentPropsWithRef, ReactNode } from 'react';
import styles from './button.module.css';
import { classNames } from './class-names.ts';
import { useRowTabStop } from './row-focus.ts';

export interface ButtonProps extends Omit<ComponentPropsWithRef<'button'>, 'className' | 'style' | 'type'> {
  /** `primary`: the main action. `danger`: loses something. `plain`: no frame, for use inside text and rows. */
  readonly look?: 'primary' | 'normal' | 'danger' | 'plain';
  readonly size?: 'normal' | 'small';
  readonly icon?: ReactNode;
  readonly type?: 'button' | 'submit';
  /** An action is running: the button keeps its place and its focus, and does nothing when pressed. */
  readonly isBusy?: boolean;
}

/** A button with a text label. For an icon alone there is `IconButton`. */
export function Button({
  look = 'normal',
  size = 'normal',
  icon,
  isBusy = false,
  type = 'button',
  disabled,
  children,
  ...rest
}: ButtonProps) {
  const tabStop = useRowTabStop();
  return (
    <BaseButton
      {...rest}
      {...tabStop}
      type={type}
      disabled={disabled === true || isBusy}
      focusableWhenDisabled={isBusy}
      aria-busy={isBusy || undefined}
      className={classNames(styles.button, styles[look], size === 'small' && styles.small)}
    >
      {icon === undefined ? null : <span className={styles.icon}>{icon}</span>}
      <span className={styles.words}>{children}</span>
    </BaseButton>
  );
}
