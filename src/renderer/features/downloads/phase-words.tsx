import { Check } from 'lucide-react';
import type { DownloadView } from '../../../shared/model/download.ts';
import { classNames } from '../../ui/class-names.ts';
import { PHASES, phaseOf, phaseStanding } from '../download/phases.ts';
import { words } from '../download/words.ts';
import styles from './phase-words.module.css';

/** The four phases over the bar: those that are done have a checkmark, the current one is strong. */
export function PhaseWords({ view }: { readonly view: DownloadView }) {
  const current = phaseOf(view);
  return (
    <ol className={styles.phases}>
      {PHASES.map((phase) => {
        const standing = phaseStanding(phase, current);
        return (
          <li
            key={phase}
            className={classNames(styles.phase, styles[standing])}
            aria-current={standing === 'now' ? 'step' : undefined}
          >
            {standing === 'past' ? <Check size={11} strokeWidth={3} aria-hidden="true" /> : null}
            {words.phases[phase]}
          </li>
        );
      })}
    </ol>
  );
}
