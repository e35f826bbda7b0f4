import { CircleArrowDown, CircleCheck, Hammer } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import type { CatalogModel, Precision } from '../../../shared/model/catalog.ts';
import type { ModelFit } from '../../../shared/model/hardware.ts';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { FitWord } from '../fit/fit-word.tsx';
import type { VariantMark } from './card-state.ts';
import styles from './variant-choice.module.css';
import { words } from './words.ts';

/** BF16 · Q8 · Q4 with size and fit; a line of text where there is no choice. */
export function VariantChoice(props: {
  readonly model: CatalogModel;
  readonly fit: ModelFit | undefined;
  /** In the order of the variants; absent when they do not matter. */
  readonly marks?: readonly VariantMark[];
  readonly value: Precision;
  readonly onChange: (variant: Precision) => void;
  /** Beside the line of text. */
  readonly after?: ReactNode;
}) {
  const { model, fit } = props;
  const segments = model.variants.map(({ id, bytes }, index) => {
    const verdict = fit?.variants.find(({ variant }) => variant === id)?.verdict ?? null;
    const mark = props.marks?.[index] ?? null;
    const size = formatBytes(bytes);
    return {
      value: id,
      label: mark === null ? id.toUpperCase() : <Marked label={id.toUpperCase()} mark={mark} />,
      name: words.segment(
        id.toUpperCase(),
        size,
        verdict === null ? null : words.verdict[verdict],
        mark === null ? null : words.mark[mark],
      ),
      detail: (
        <span className={styles.detail}>
          <span>{size}</span>
          {verdict === null ? null : <FitWord verdict={verdict} />}
        </span>
      ),
    };
  });
  const [only] = segments;
  const storedAs = model.variants[0]?.storedAs;
  if (segments.length === 1 && only) {
    return (
      <p className={styles.single}>
        <strong className={styles.label}>{only.label}</strong> {only.detail}{' '}
        {storedAs === undefined ? null : words.storedAs(storedAs)} {props.after}
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

const ICONS = { coming: CircleArrowDown, making: Hammer, here: CircleCheck, makeable: Hammer };

/** The name of a variant with a symbol for its state; its accessible name has the state in words. */
function Marked(props: { readonly label: string; readonly mark: NonNullable<VariantMark> }) {
  const { label, mark } = props;
  const Icon = ICONS[mark];
  return (
    <span className={styles.marked} title={words.mark[mark]}>
      {label}
      <Icon size={12} strokeWidth={2.2} aria-hidden="true" data-mark={mark} />
    </span>
  );
}
