import { memo, useId, useState } from 'react';
import { useShallow } from 'zustand/shallow';
import type { CatalogModel, Precision } from '../../../shared/model/catalog.ts';
import type { ModelFit } from '../../../shared/model/hardware.ts';
import { useCatalog, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { useRepositoryMenu } from '../../stores/use-repository-menu.ts';
import { thisPlatform } from '../../ui/platform.ts';
import { CardAction } from './card-action.tsx';
import { fitOf, marksOf, shownVariant, type VariantMark } from './card-state.ts';
import styles from './model-card.module.css';
import { VariantChoice } from './variant-choice.tsx';
import { Why } from './why.tsx';
import { licenseName, words } from './words.ts';

/** One model of the catalog: what it is for, which variant, and the button. */
export const ModelCard = memo(function ModelCard({ model }: { readonly model: CatalogModel }) {
  const id = useId();
  const hardware = useCatalog((state) => state.hardware);
  const fit = fitOf(hardware, model);
  const marks = useMarks(model);
  const [clicked, setClicked] = useState<Precision | null>(null);
  const chosen = useNavigation(({ chosenVariants }) => chosenVariants[model.id] ?? null);
  const remember = useNavigation((state) => state.chooseVariant);
  const variant = shownVariant(model, fit, { clicked, chosen, marks });
  const onContextMenu = useRepositoryMenu(variant?.repo ?? '', words.copiedId);
  if (!variant) return null;
  const choose = (wanted: Precision) => {
    setClicked(wanted);
    remember(model.id, wanted);
  };
  const why = fit && hardware ? <Why name={model.name} fit={fit} hardware={hardware} /> : null;
  return (
    <li className={styles.card} aria-labelledby={id} onContextMenu={onContextMenu}>
      <div className={styles.head}>
        <h2 id={id} className={styles.name}>
          {model.name}
        </h2>
        <p className={styles.license}>{words.license(licenseName(model.license))}</p>
      </div>
      <p className={styles.summary}>{model.summary}</p>
      <VariantChoice model={model} fit={fit} marks={marks} value={variant.id} onChange={choose} after={why} />
      {fit && model.variants.length > 1 ? (
        <p className={styles.verdict}>
          <span>{verdict(fit, variant.id)}</span>
          {why}
        </p>
      ) : null}
      <CardAction model={model} variant={variant} />
    </li>
  );
});

const NOTHING = { downloads: [], builds: [] } as const;

/** Strings in a list, so that a card does not render again with every byte. */
function useMarks(model: CatalogModel): readonly VariantMark[] {
  const presence = useCatalog((state) => state.presence);
  return useEngine(useShallow(({ downloads }) => marksOf(model, downloads ?? NOTHING, presence)));
}

function verdict(fit: ModelFit, shown: Precision): string {
  const platform = thisPlatform();
  if (fit.variants.every(({ verdict: word }) => word === 'needs-apple-silicon'))
    return words.needsAppleSilicon;
  const best = fit.recommended.toUpperCase();
  return fit.recommended === shown ? words.recommended(best, platform) : words.other(best, platform);
}
