import type { ReactNode } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { CatalogModel, Precision } from '../../../shared/model/catalog.ts';
import type { ModelFit } from '../../../shared/model/hardware.ts';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { FitWord } from './fit-word.tsx';
import styles from './variant-choice.module.css';
import { words } from './words.ts';

/** BF16 · Q8 · Q4 with size and fit; a line of text where there is no choice. */
export function VariantChoice(props: {
  readonly model: CatalogModel;
  readonly fit: ModelFit | undefined;
  readonly value: Precision;
  readonly onChange: (variant: Precision) => void;
  /** Beside the line of text. */
  readonly after?: ReactNode;
}) {
  const { model, fit } = props;
  const segments = model.variants.map(({ id, bytes }) => {
    const verdict = fit?.variants.find(({ variant }) => variant === id)?.fit ?? null;
    const size = formatBytes(bytes);
    return {
      value: id,
      label: id.toUpperCase(),
      name: words.segment(id.toUpperCase(), size, verdict === null ? null : words.fit[verdict]),
      detail: (
        <span className={styles.detail}>
          <span>{size}</span>
          {verdict === null ? null : <FitWord fit={verdict} />}
        </span>
      ),
    };
  });
  const [only] = segments;
  if (segments.length === 1 && only) {
    return (
      <p className={styles.single}>
        <strong className={styles.label}>{only.label}</strong> {only.detail} {props.after}
      </p>
    );
  }
  return (
    <SegmentedControl
      label={words.precision(model.name)}
      segments={segments}
      value={props.value}
      onChange={props.onChange}
    />
  );
}
