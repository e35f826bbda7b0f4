import type { HardwareReport, ModelFit } from '../../../shared/model/hardware.ts';
import { Button } from '../../ui/button.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { Popover } from '../../ui/popover.tsx';
import { FitWord } from '../fit/fit-word.tsx';
import styles from './why.module.css';
import { words } from './words.ts';

/** The numbers behind the verdicts on a model. */
export function Why(props: {
  readonly name: string;
  readonly fit: ModelFit;
  readonly hardware: HardwareReport;
}) {
  const trigger = (
    <Button look="plain" size="small" aria-label={words.whyLabel(props.name)}>
      {words.why}
    </Button>
  );
  return (
    <Popover trigger={trigger} title={words.whyTitle(thisPlatform())}>
      <p className={styles.machine}>{words.machine(props.hardware)}</p>
      {props.hardware.translated ? <p className={styles.machine}>{words.translated}</p> : null}
      <dl className={styles.list}>
        {props.fit.variants.map(({ variant, verdict, reasons }) => (
          <div key={variant} className={styles.variant}>
            <dt className={styles.term}>
              {variant.toUpperCase()} <FitWord verdict={verdict} />
            </dt>
            {reasons.map((reason) => (
              <dd key={reason} className={styles.reason}>
                {reason}
              </dd>
            ))}
          </div>
        ))}
      </dl>
    </Popover>
  );
}
