import { Check } from 'lucide-react';
import { type ReactNode, useId } from 'react';
import { Switch } from '../../ui/switch.tsx';
import styles from './settings.module.css';
import { useSaved } from './use-saved.ts';
import { words } from './words.ts';

/** A titled group of rows. */
export function SettingGroup({ title, children }: { readonly title: string; readonly children: ReactNode }) {
  const id = useId();
  return (
    <section aria-labelledby={id}>
      <h2 id={id} className={styles.groupTitle}>
        {title}
      </h2>
      <div className={styles.group}>{children}</div>
    </section>
  );
}

/** The word that confirms that a change is saved. */
export function Saved({ isSaved }: { readonly isSaved: boolean }) {
  return (
    <span role="status" className={styles.saved}>
      {isSaved ? (
        <>
          <Check size={13} aria-hidden="true" /> {words.saved}
        </>
      ) : null}
    </span>
  );
}

/** A row: what it is, one sentence about it, and the control. */
export function SettingRow(props: {
  readonly label: string;
  readonly labelId?: string;
  readonly text?: ReactNode;
  readonly textId?: string;
  readonly isSaved?: boolean;
  readonly children: ReactNode;
  /** Under the row, over its full width. */
  readonly below?: ReactNode;
}) {
  return (
    <div className={styles.row}>
      <div className={styles.what}>
        <p id={props.labelId} className={styles.label}>
          {props.label}
        </p>
        {props.text === undefined ? null : (
          <p id={props.textId} className={styles.text}>
            {props.text}
          </p>
        )}
      </div>
      <Saved isSaved={props.isSaved ?? false} />
      <div className={styles.control}>{props.children}</div>
      {props.below === undefined ? null : <div className={styles.below}>{props.below}</div>}
    </div>
  );
}

/** A row with a switch that saves at once. */
export function SwitchRow(props: {
  readonly label: string;
  readonly text: string;
  readonly isOn: boolean;
  readonly isDisabled?: boolean;
  readonly save: (isOn: boolean) => Promise<boolean>;
  /** Under the row, over its full width. */
  readonly below?: ReactNode;
}) {
  const id = useId();
  const [isSaved, markSaved] = useSaved();
  const change = async (isOn: boolean) => {
    if (await props.save(isOn)) markSaved();
  };
  return (
    <SettingRow
      label={props.label}
      labelId={`${id}-label`}
      text={props.text}
      textId={`${id}-text`}
      isSaved={isSaved}
      below={props.below ?? undefined}
    >
      <Switch
        labelledBy={`${id}-label`}
        describedBy={`${id}-text`}
        isOn={props.isOn}
        isDisabled={props.isDisabled === true}
        onChange={(isOn) => void change(isOn)}
      />
    </SettingRow>
  );
}
