import { Menu as BaseMenu } from '@base-ui/react/menu';
import { Check } from 'lucide-react';
import type { ReactElement } from 'react';
import styles from './popup.module.css';

/** A pull-down menu of which one line is chosen, and a last line for all that is not in it. */
export function ChoiceMenu<V extends string>(props: {
  readonly label: string;
  readonly trigger: ReactElement;
  readonly choices: ReadonlyArray<{ readonly value: V; readonly label: string }>;
  readonly value: V;
  readonly onChoose: (value: V) => void;
  readonly more: { readonly label: string; readonly onSelect: () => void };
}) {
  return (
    <BaseMenu.Root modal={false}>
      <BaseMenu.Trigger render={props.trigger} />
      <BaseMenu.Portal>
        <BaseMenu.Positioner sideOffset={4} align="end" collisionPadding={8} className={styles.positioner}>
          <BaseMenu.Popup className={styles.menu} aria-label={props.label}>
            <BaseMenu.RadioGroup value={props.value} onValueChange={(value: V) => props.onChoose(value)}>
              {props.choices.map(({ value, label }) => (
                <BaseMenu.RadioItem key={value} value={value} closeOnClick className={styles.item}>
                  <span className={styles.mark}>
                    <BaseMenu.RadioItemIndicator>
                      <Check size={13} aria-hidden="true" />
                    </BaseMenu.RadioItemIndicator>
                  </span>
                  {label}
                </BaseMenu.RadioItem>
              ))}
            </BaseMenu.RadioGroup>
            <BaseMenu.Separator className={styles.separator} />
            <BaseMenu.Item className={styles.item} onClick={props.more.onSelect}>
              <span className={styles.mark} />
              {props.more.label}
            </BaseMenu.Item>
          </BaseMenu.Popup>
        </BaseMenu.Positioner>
      </BaseMenu.Portal>
    </BaseMenu.Root>
  );
}
