import { AudioWaveform, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import type { Fit } from '../../../shared/model/hardware.ts';
import styles from './fit-word.module.css';
import { words } from './words.ts';

const ICONS = {
  'runs-well': CircleCheck,
  tight: CircleMinus,
  'may-stutter': AudioWaveform,
  'wont-fit': CircleX,
} as const;

/** How well a variant suits this machine: a word and a sign, with a colour that says the same. */
export function FitWord({ fit }: { readonly fit: Fit }) {
  const Icon = ICONS[fit];
  return (
    <span className={styles.fit} data-fit={fit}>
      <Icon size={12} strokeWidth={2.2} aria-hidden="true" />
      {words.fit[fit]}
    </span>
  );
}
