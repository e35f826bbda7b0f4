import type { DownloadPlan } from '../../../shared/contract/commands.ts';
import { PROFILES, type Profile } from '../../../shared/model/download.ts';
import { useCatalog } from '../../stores/stores-context.tsx';
import { Field } from '../../ui/field.tsx';
import { Select } from '../../ui/select.tsx';
import { fitOf } from './card-state.ts';
import type { PlanChoice } from './plan-choice.ts';
import styles from './preview.module.css';
import { VariantChoice } from './variant-choice.tsx';
import { words } from './words.ts';

const PROFILE_OPTIONS = (['usual', ...PROFILES] as const).map((value) => ({
  value,
  label: words.profiles[value],
}));

/** Variant, filters and profile of what is previewed. */
export function PreviewOptions(props: {
  readonly choice: PlanChoice;
  readonly plan: DownloadPlan | null;
  readonly onChange: (part: Partial<PlanChoice>) => void;
}) {
  const { choice, onChange } = props;
  return (
    <details className={styles.options} open={choice.include !== '' || choice.exclude !== ''}>
      <summary>{words.options}</summary>
      <div className={styles.optionFields}>
        <Variant {...props} />
        <Field
          label={words.include}
          value={choice.include}
          placeholder={words.includeExample}
          hint={words.filterHint}
          onChange={(event) => onChange({ include: event.currentTarget.value })}
        />
        <Field
          label={words.exclude}
          value={choice.exclude}
          placeholder={words.excludeExample}
          onChange={(event) => onChange({ exclude: event.currentTarget.value })}
        />
        <Select<Profile | 'usual'>
          label={words.profile}
          options={PROFILE_OPTIONS}
          value={choice.profile ?? 'usual'}
          onChange={(profile) => onChange({ profile: profile === 'usual' ? null : profile })}
        />
      </div>
    </details>
  );
}

/** Only for a model of the catalog that was requested by its id: any other reference names its repository itself. */
function Variant({ choice, plan, onChange }: Parameters<typeof PreviewOptions>[0]) {
  const model = useCatalog(({ catalog }) => catalog?.models.find(({ id }) => id === choice.reference));
  const fit = useCatalog(({ hardware }) => (model ? fitOf(hardware, model) : undefined));
  if (!model || model.variants.length < 2) return null;
  const shown = model.variants.find(({ id }) => id === (choice.variant ?? plan?.variant))?.id;
  return (
    <VariantChoice
      model={model}
      fit={fit}
      value={shown ?? model.variants[0]?.id ?? 'bf16'}
      onChange={(variant) => onChange({ variant, unticked: new Set(), acceptChanged: false })}
    />
  );
}
