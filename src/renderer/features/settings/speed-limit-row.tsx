import { useId, useState } from 'react';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { Switch } from '../../ui/switch.tsx';
import {
  FIRST_LIMIT_BYTES_PER_SECOND,
  LIMIT_UNITS,
  type LimitUnit,
  limitOf,
  limitParts,
} from './limit-text.ts';
import { SettingRow } from './setting-row.tsx';
import styles from './settings.module.css';
import { useSettingChange } from './use-settings.ts';
import { words } from './words.ts';

const UNITS = (Object.keys(LIMIT_UNITS) as LimitUnit[]).map((value) => ({ value, label: value }));

/** Off, or a number and a unit. */
export function SpeedLimitRow({ limit }: { readonly limit: number | null }) {
  const id = useId();
  const { isSaved, change } = useSettingChange();
  return (
    <SettingRow
      label={words.limit}
      labelId={`${id}-label`}
      text={words.limitText}
      textId={`${id}-text`}
      isSaved={isSaved}
      below={
        limit === null ? undefined : (
          <Amount
            key={limit}
            limit={limit}
            save={(limitBytesPerSecond) => void change({ limitBytesPerSecond })}
          />
        )
      }
    >
      <Switch
        labelledBy={`${id}-label`}
        describedBy={`${id}-text`}
        isOn={limit !== null}
        onChange={(isOn) => void change({ limitBytesPerSecond: isOn ? FIRST_LIMIT_BYTES_PER_SECOND : null })}
      />
    </SettingRow>
  );
}

function Amount({
  limit,
  save,
}: {
  readonly limit: number;
  readonly save: (bytesPerSecond: number) => void;
}) {
  const first = limitParts(limit);
  const [amount, setAmount] = useState(first.amount);
  const [unit, setUnit] = useState<LimitUnit>(first.unit);
  const [isBad, setBad] = useState(false);
  const keep = (nextUnit: LimitUnit) => {
    const bytesPerSecond = limitOf(amount, nextUnit);
    setBad(bytesPerSecond === null);
    if (bytesPerSecond !== null && bytesPerSecond !== limit) save(bytesPerSecond);
  };
  return (
    <form
      className={styles.limit}
      onSubmit={(event) => {
        event.preventDefault();
        keep(unit);
      }}
    >
      <Field
        label={words.limitAmount}
        isLabelHidden
        inputMode="decimal"
        value={amount}
        error={isBad ? words.limitBad : null}
        onChange={(event) => setAmount(event.currentTarget.value)}
        onBlur={() => keep(unit)}
        after={
          <Select
            label={words.limitUnit}
            isLabelHidden
            options={UNITS}
            value={unit}
            onChange={(next) => {
              setUnit(next);
              keep(next);
            }}
          />
        }
      />
    </form>
  );
}
