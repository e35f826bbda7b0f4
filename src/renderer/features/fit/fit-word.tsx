import { AudioWaveform, CircleCheck, CircleMinus, CircleX } from 'lucide-react';
import type { Verdict } from '../../../shared/model/hardware.ts';
import styles from './fit-word.module.css';
import { VERDICT_WORDS } from './words.ts';

const ICONS = {
  'runs-well': CircleCheck,
  fits: CircleCheck,
  tight: CircleMinus,
  'may-stutter': AudioWaveform,
  'wont-fit': CircleX,
  'needs-apple-silicon': CircleX,
} as const;

/** How well a variant suits this computer: a word and a symbol, with a color of the same meaning. */
export function FitWord({ verdict }: { readonly verdict: Verdict }) {
  const Icon = ICONS[verdict];
  return (
    <span className={styles.fit} data-fit={verdict}>
      <Icon size={12} strokeWidth={2.2} aria-hidden="true" />
      {VERDICT_WORDS[verdict]}
    </span>
  );
}
