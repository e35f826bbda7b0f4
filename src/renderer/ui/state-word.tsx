import type { ReactNode } from 'react';
import { classNames } from './class-names.ts';
import styles from './state-word.module.css';

/** A short state in a tinted lozenge. The word carries the meaning; the tone only supports it. */
export function StateWord(props: {
  readonly tone: 'good' | 'warn' | 'bad' | 'accent' | 'quiet';
  readonly icon?: ReactNode;
  readonly children: ReactNode;
}) {
  return (
    <span className={classNames(styles.word, styles[props.tone])}>
      {props.icon}
      {props.children}
    </span>
  );
}
