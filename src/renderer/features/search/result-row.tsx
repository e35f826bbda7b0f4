import { ArrowDownToLine, CircleCheck, LockKeyhole } from 'lucide-react';
import { memo, useState } from 'react';
import { percentOf } from '../../../shared/format/percent.ts';
import type { FoundGroup, FoundModel } from '../../../shared/model/search.ts';
import { isActive } from '../../../shared/projection/totals.ts';
import { useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { useRepositoryMenu } from '../../stores/use-repository-menu.ts';
import { Button } from '../../ui/button.tsx';
import { classNames } from '../../ui/class-names.ts';
import { CutName } from '../../ui/cut-name.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { RowFocus } from '../../ui/row-focus.ts';
import { SegmentedControl } from '../../ui/segmented-control.tsx';
import { Select } from '../../ui/select.tsx';
import { StateWord } from '../../ui/state-word.tsx';
import { FitWord } from '../fit/fit-word.tsx';
import styles from './result-row.module.css';
import { words } from './words.ts';

/** Segments that fit next to the button in a narrow window. */
const MAX_SEGMENTS = 3;

/** A position in a windowed list. Separate numbers, so that an unchanged row does not render again. */
export interface RowPlace {
  readonly index: number;
  readonly count: number;
  /** Pixels from the top of the list. */
  readonly top: number;
}

function placed({ index, count, top }: Partial<RowPlace>) {
  if (index === undefined) return {};
  return { style: { transform: `translateY(${top}px)` }, 'aria-posinset': index + 1, 'aria-setsize': count };
}

/**
 * A model and its smaller versions: what they are, how the chosen one runs on this computer, and how to download it.
 */
export const ResultRow = memo(function ResultRow({
  group,
  isCurrent,
  onFocus,
  ...place
}: {
  readonly group: FoundGroup;
  /** Its buttons are in the tab order. */
  readonly isCurrent: boolean;
  readonly onFocus: (base: string) => void;
} & Partial<RowPlace>) {
  const [chosen, setChosen] = useState<string | null>(null);
  const openPreview = useNavigation((state) => state.openPreview);
  const model = group.variants.find(({ repo }) => repo === chosen) ?? group.variants[0];
  const [owner = '', name = ''] = model.repo.split('/');
  const onContextMenu = useRepositoryMenu(model.repo, words.copiedId);
  const open = () => openPreview({ reference: model.repo });
  return (
    <li
      className={classNames(styles.row, place.index !== undefined && styles.placed)}
      {...placed(place)}
      aria-label={model.repo}
      data-row={group.base}
      tabIndex={isCurrent ? 0 : -1}
      onContextMenu={onContextMenu}
      onFocus={() => onFocus(group.base)}
      onKeyDown={(event) => {
        if (event.key !== 'Enter' || event.target !== event.currentTarget) return;
        event.preventDefault();
        open();
      }}
    >
      <RowFocus.Provider value={isCurrent}>
        <div className={styles.head}>
          <h3 className={styles.name}>
            <CutName name={name} />
          </h3>
          <span className={styles.owner}>{owner}</span>
          {model.gated === false ? null : (
            <StateWord tone="warn" icon={<LockKeyhole size={11} aria-hidden="true" />}>
              {words.needsAccess}
            </StateWord>
          )}
          <span className={styles.fit}>
            {model.suitability.verdict === null ? null : <FitWord verdict={model.suitability.verdict} />}
          </span>
        </div>
        <p className={styles.facts}>{words.facts(model)}</p>
        <div className={styles.foot}>
          <Versions group={group} model={model} onChange={setChosen} />
          <span className={styles.size}>{words.size(model)}</span>
          <Action model={model} onOpen={open} />
        </div>
      </RowFocus.Provider>
    </li>
  );
});

function Versions(props: {
  readonly group: FoundGroup;
  readonly model: FoundModel;
  readonly onChange: (repo: string) => void;
}) {
  const { group, model, onChange } = props;
  const label = words.version(group.base);
  const options = optionsOf(group);
  if (options.length === 1) return <span className={styles.version}>{words.versionOf(model)}</span>;
  if (options.length <= MAX_SEGMENTS) {
    return <SegmentedControl label={label} segments={options} value={model.repo} onChange={onChange} />;
  }
  return (
    <div className={styles.select}>
      <Select label={label} isLabelHidden options={options} value={model.repo} onChange={onChange} />
    </div>
  );
}

/** Two versions of one kind, by different people, are distinguished by their owners. */
function optionsOf({ variants }: FoundGroup) {
  const kinds = variants.map(words.versionOf);
  return variants.map((variant, at) => {
    const kind = kinds[at] ?? '';
    const isTwin = kinds.filter((each) => each === kind).length > 1;
    return { value: variant.repo, label: isTwin ? words.versionBy(kind, variant.repo) : kind };
  });
}

function Action({ model, onOpen }: { readonly model: FoundModel; readonly onOpen: () => void }) {
  const go = useNavigation((state) => state.go);
  const showDownload = useNavigation((state) => state.showDownload);
  const running = useEngine(
    ({ downloads }) =>
      downloads?.downloads.find((view) => view.repo === model.repo && isActive(view))?.id ?? null,
  );
  const percent = useEngine(({ downloads }) => {
    const view = downloads?.downloads.find(({ id }) => id === running);
    return view === undefined ? null : percentOf(view.verifiedBytes, view.totalBytes);
  });
  const isReady = useEngine(
    ({ downloads }) =>
      downloads?.downloads.some((view) => view.repo === model.repo && view.state === 'ready') ?? false,
  );
  if (running !== null) {
    return (
      <>
        <span className={styles.note}>{percent === null ? null : `${percent} %`}</span>
        <Button onClick={() => showDownload(running)}>{words.showInDownloads}</Button>
      </>
    );
  }
  if (model.here === 'whole' || isReady) {
    return (
      <>
        <StateWord tone="good" icon={<CircleCheck size={12} aria-hidden="true" />}>
          {words.here(thisPlatform())}
        </StateWord>
        <Button onClick={() => go('library')}>{words.showInLibrary}</Button>
      </>
    );
  }
  return (
    <>
      {model.here === 'partly' ? (
        <span className={styles.note}>{words.partlyHere(thisPlatform())}</span>
      ) : null}
      <Button
        icon={<ArrowDownToLine size={14} aria-hidden="true" />}
        aria-label={words.downloadOf(model.repo)}
        onClick={onOpen}
      >
        {words.download}
      </Button>
    </>
  );
}
