import { ArrowDownToLine, CircleCheck } from 'lucide-react';
import { useState } from 'react';
import type { CatalogModel, CatalogVariant } from '../../../shared/model/catalog.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useCall, useCatalog, useEngine, useNavigation } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { Checkbox } from '../../ui/checkbox.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { StateWord } from '../../ui/state-word.tsx';
import { MakeOffer } from '../builds/make-offer.tsx';
import { makeTarget } from '../builds/make-target.ts';
import { MakeWhenReady } from '../builds/make-when-ready.tsx';
import { MakingProgress } from '../builds/making-progress.tsx';
import { words as buildWords } from '../builds/words.ts';
import styles from './card-action.module.css';
import { type CardState, cardState, downloadOf, fitOf } from './card-state.ts';
import { ComingProgress } from './coming-progress.tsx';
import { words } from './words.ts';

interface Chosen {
  readonly model: CatalogModel;
  readonly variant: CatalogVariant;
}

/** The foot of a card: the button, or the progress of the variant's download. */
export function CardAction({ model, variant }: Chosen) {
  const presence = useCatalog((state) =>
    state.presence.find((each) => each.model === model.id && each.variant === variant.id),
  );
  const download = useEngine(({ downloads }) => downloadOf(model, variant, downloads?.downloads ?? []));
  const isPresenceOld = useCatalog((state) => state.isPresenceOld);
  const build = useEngine(({ downloads }) =>
    downloads?.builds.findLast((view) => view.model === model.id && view.variant === variant.id),
  );
  const state = cardState(variant, presence, download, isPresenceOld, build);
  const name = `${model.name} ${variant.id.toUpperCase()}`;
  switch (state.kind) {
    case 'coming':
      return (
        <ComingProgress download={state.download} name={name}>
          <MakeLater model={model} variant={variant} />
        </ComingProgress>
      );
    case 'here':
      return <Here />;
    case 'making':
      return <MakingProgress build={state.build} name={name} />;
    case 'make':
      return <MakeOffer model={model} variant={variant} state={state} />;
    case 'offer':
      return <Offer model={model} variant={variant} state={state} />;
  }
}

/** The checkbox under a download from which another variant can be built. */
function MakeLater({ model, variant }: Chosen) {
  const target = useMakeTarget(model, variant);
  const download = useEngine(({ downloads }) => downloadOf(model, variant, downloads?.downloads ?? []));
  if (!target || !download) return null;
  return <MakeWhenReady download={download} variant={target.id} from={variant.id} />;
}

function useMakeTarget(model: CatalogModel, source: CatalogVariant): CatalogVariant | undefined {
  const hardware = useCatalog((state) => state.hardware);
  const presence = useCatalog((state) => state.presence);
  return makeTarget(model, source, fitOf(hardware, model)?.recommended, presence);
}

/** The running download that `variant` can be built from. */
function useSourceDownload(model: CatalogModel, variant: CatalogVariant): DownloadView | undefined {
  const source = model.variants.find(({ id }) => id === variant.makeable?.from && id !== variant.id);
  return useEngine(({ downloads }) => {
    const found = source && downloadOf(model, source, downloads?.downloads ?? []);
    return found?.state === 'ready' ? undefined : found;
  });
}

function Here() {
  const go = useNavigation((state) => state.go);
  return (
    <div className={styles.foot}>
      <StateWord tone="good" icon={<CircleCheck size={12} aria-hidden="true" />}>
        {words.here(thisPlatform())}
      </StateWord>
      <span className={styles.end}>
        <Button onClick={() => go('library')}>{words.showInLibrary}</Button>
      </span>
    </div>
  );
}

function Offer(props: Chosen & { readonly state: Extract<CardState, { kind: 'offer' }> }) {
  const { model, variant, state } = props;
  const call = useCall();
  const [isBusy, setBusy] = useState(false);
  const missing = Math.max(0, state.totalBytes - state.presentBytes);
  const time = useTimeAtSpeed(missing);
  const target = useMakeTarget(model, variant);
  const [makes, setMakes] = useState(false);
  const source = useSourceDownload(model, variant);
  const start = async () => {
    setBusy(true);
    const make = target && makes ? { make: target.id } : {};
    await call('downloads.add', { reference: model.id, variant: variant.id, ...make });
    setBusy(false);
  };
  return (
    <div className={styles.foot}>
      <Note state={state} />
      <Button
        look="primary"
        icon={<ArrowDownToLine size={15} aria-hidden="true" />}
        isBusy={isBusy}
        onClick={() => void start()}
      >
        {(state.presentBytes > 0 ? words.finishDownload : words.download)(
          model.name,
          variant.id.toUpperCase(),
          missing,
        )}
      </Button>
      <span className={styles.time}>{time}</span>
      {target ? (
        <Checkbox isOn={makes} onChange={setMakes}>
          {buildWords.makeThen(target.id.toUpperCase(), variant.id.toUpperCase())}
        </Checkbox>
      ) : null}
      {source && variant.makeable ? (
        <MakeWhenReady download={source} variant={variant.id} from={variant.makeable.from} />
      ) : null}
    </div>
  );
}

function Note({ state }: { readonly state: Extract<CardState, { kind: 'offer' }> }) {
  if (state.presentBytes === 0) return null;
  return (
    <p className={styles.note}>{words.presentPart(state.presentBytes, state.totalBytes, thisPlatform())}</p>
  );
}

/** What takes no longer than this needs no warning. */
const WORTH_TELLING_SECONDS = 5;

/** A string and not a number, so that a card renders again only when the string changes. */
function useTimeAtSpeed(bytes: number): string | null {
  return useEngine(({ recentBytesPerSecond: speed }) =>
    speed === null || bytes / speed < WORTH_TELLING_SECONDS ? null : words.timeAt(bytes / speed, speed),
  );
}
