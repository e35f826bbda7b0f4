import { useId } from 'react';
import { formatMinuteOfDay, parseMinuteOfDay } from '../../../shared/format/time-of-day.ts';
import type { Schedule } from '../../../shared/model/schedule.ts';
import { Switch } from '../../ui/switch.tsx';
import { SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useSettingChange } from './use-settings.ts';
import { words } from './words.ts';

/** What is proposed first: the night, in which nobody needs the line. */
const FIRST: Schedule = { fromMinute: 22 * 60, toMinute: 7 * 60 };

/** Off, or two times of day. */
export function ScheduleRow({ schedule }: { readonly schedule: Schedule | null }) {
  const id = useId();
  const { isSaved, change } = useSettingChange();
  const save = (next: Schedule) => {
    if (next.fromMinute !== next.toMinute) void change({ schedule: next });
  };
  return (
    <SettingRow
      label={words.schedule}
      labelId={`${id}-label`}
      text={words.scheduleText}
      textId={`${id}-text`}
      isSaved={isSaved}
      below={
        schedule === null ? undefined : (
          <div className={styles.times}>
            <Time
              label={words.scheduleFrom}
              minute={schedule.fromMinute}
              onChange={(fromMinute) => save({ ...schedule, fromMinute })}
            />
            <Time
              label={words.scheduleTo}
              minute={schedule.toMinute}
              onChange={(toMinute) => save({ ...schedule, toMinute })}
            />
          </div>
        )
      }
    >
      <Switch
        labelledBy={`${id}-label`}
        describedBy={`${id}-text`}
        isOn={schedule !== null}
        onChange={(isOn) => void change({ schedule: isOn ? FIRST : null })}
      />
    </SettingRow>
  );
}

function Time(props: {
  readonly label: string;
  readonly minute: number;
  readonly onChange: (minute: number) => void;
}) {
  return (
    <label className={styles.time}>
      {props.label}
      <input
        type="time"
        className={styles.timeInput}
        defaultValue={formatMinuteOfDay(props.minute)}
        key={props.minute}
        onBlur={({ currentTarget }) => {
          const minute = parseMinuteOfDay(currentTarget.value);
          if (minute !== null && minute !== props.minute) props.onChange(minute);
        }}
      />
    </label>
  );
}
