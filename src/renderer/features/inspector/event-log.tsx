import { useMemo, useState } from 'react';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { logLines } from '../download/event-words.ts';
import styles from './event-log.module.css';
import { words } from './words.ts';

/** Lines shown at first; the others on demand. */
const FEW = 12;

const clock = new Intl.DateTimeFormat(undefined, {
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
  hourCycle: 'h23',
});

/** The events, newest first. */
export function EventLog({ events }: { readonly events: readonly EngineEvent[] }) {
  const lines = useMemo(() => logLines(events), [events]);
  const [isAll, setAll] = useState(false);
  if (lines.length === 0) return <p className={styles.none}>{words.noEvents}</p>;
  const shown = isAll ? lines : lines.slice(0, FEW);
  return (
    <>
      <ol className={styles.log}>
        {shown.map(({ key, time, text, tone }) => (
          <li key={`${time} ${key}`} className={styles.line}>
            <time className={styles.time} dateTime={time}>
              {clock.format(new Date(time))}
            </time>
            <span className={classNames(styles.text, styles[tone])} data-selectable>
              {text}
            </span>
          </li>
        ))}
      </ol>
      {shown.length === lines.length ? null : (
        <Button size="small" look="plain" onClick={() => setAll(true)}>
          {words.olderEvents(lines.length - shown.length)}
        </Button>
      )}
    </>
  );
}
