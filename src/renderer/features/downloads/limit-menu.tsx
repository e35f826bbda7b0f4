import { Gauge } from 'lucide-react';
import { formatRate } from '../../../shared/format/rate.ts';
import { useCall, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ChoiceMenu } from '../../ui/choice-menu.tsx';
import { words } from '../download/words.ts';
import styles from './downloads-pane.module.css';

/** Speeds to choose from, in bytes a second: those of the menu bar icon's menu. */
const LIMITS: ReadonlyArray<number | null> = [null, 1_000_000, 5_000_000, 10_000_000];

/** The speed limit of all downloads, where the speed is: what it is, and another one by one click. */
export function LimitMenu() {
  const limit = useEngine(({ downloads }) => downloads?.settings.limitBytesPerSecond ?? null);
  const isKnown = useEngine(({ downloads }) => downloads !== null);
  const go = useNavigation((state) => state.go);
  const call = useCall();
  if (!isKnown) return null;
  const limits = LIMITS.includes(limit) ? LIMITS : [...LIMITS, limit];
  return (
    <ChoiceMenu
      label={words.limitSpeed}
      trigger={
        <Button icon={<Gauge size={14} aria-hidden="true" />} aria-label={words.limitNow(limit)}>
          <span className={styles.limit}>{limit === null ? words.noLimitShort : formatRate(limit)}</span>
        </Button>
      }
      choices={limits.map((value) => ({
        value: String(value),
        label: value === null ? words.noLimit : formatRate(value),
      }))}
      value={String(limit)}
      onChoose={(value) => {
        const chosen = limits.find((each) => String(each) === value) ?? null;
        void call('settings.set', { limitBytesPerSecond: chosen });
      }}
      more={{ label: words.otherLimit, onSelect: () => go('settings') }}
    />
  );
}
