import { Switch as BaseSwitch } from '@base-ui/react/switch';
import styles from './switch.module.css';

/** On or off, with immediate effect. Named by `label`, or by the text of the element with the id `labelledBy`. */
export function Switch(
  props: {
    readonly isOn: boolean;
    readonly onChange: (isOn: boolean) => void;
    readonly isDisabled?: boolean;
    /** Id of an element that describes it. */
    readonly describedBy?: string | undefined;
  } & ({ readonly label: string } | { readonly labelledBy: string }),
) {
  const name = 'label' in props ? { 'aria-label': props.label } : { 'aria-labelledby': props.labelledBy };
  return (
    <BaseSwitch.Root
      {...name}
      aria-describedby={props.describedBy}
      checked={props.isOn}
      disabled={props.isDisabled === true}
      onCheckedChange={props.onChange}
      className={styles.track}
    >
      <BaseSwitch.Thumb className={styles.thumb} />
    </BaseSwitch.Root>
  );
}
