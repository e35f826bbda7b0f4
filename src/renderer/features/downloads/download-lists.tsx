import { ArrowDownToLine } from 'lucide-react';
import { useCallback } from 'react';
import { useShallow } from 'zustand/shallow';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { EngineStoreState } from '../../stores/engine-store.ts';
import { useCall, useEngine, useNavigation, useStores } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { EmptyState } from '../../ui/empty-state.tsx';
import { BuildList } from '../builds/build-list.tsx';
import type { RowActions } from '../download/row-actions.ts';
import { words } from '../download/words.ts';
import styles from './download-lists.module.css';
import { DownloadRow } from './download-row.tsx';
import { FinishedRow } from './finished-row.tsx';
import { SortableList } from './sortable-list.tsx';
import { useKeptFocus } from './use-kept-focus.ts';
import { useListKeys, useSelectedRequests } from './use-list-keys.ts';
import { useStaged } from './use-staged.ts';
import { useWishedOrder } from './use-wished-order.ts';

const idsOf = ({ downloads }: EngineStoreState, isFinished: boolean): readonly string[] =>
  (downloads?.downloads ?? []).filter(({ state }) => (state === 'ready') === isFinished).map(({ id }) => id);
const activeIds = (state: EngineStoreState) => idsOf(state, false);
const finishedIds = (state: EngineStoreState) => idsOf(state, true);

/** Unfinished downloads, with finished ones below. */
export function DownloadLists(props: { readonly actions: RowActions; readonly search: string }) {
  const { actions, search } = props;
  const found = useFound(search);
  const isKnown = useEngine(({ downloads }) => downloads !== null);
  const active = useEngine(useShallow(activeIds)).filter(found);
  const finished = useEngine(useShallow(finishedIds)).filter(found);
  const isEmpty = useEngine(({ downloads }) => downloads?.downloads.length === 0);
  const hasBuilds = useEngine(({ downloads }) => (downloads?.builds.length ?? 0) > 0);
  const selected = useNavigation((state) => state.selected);
  const onKeyDown = useListKeys(actions);
  const keptFocus = useKeptFocus(active, finished);
  useSelectedRequests(actions);
  if (!isKnown) return <p className={styles.starting}>{words.starting}</p>;
  if (isEmpty && !hasBuilds) return <NoDownloads />;
  if (active.length + finished.length === 0 && !hasBuilds)
    return <p className={styles.starting}>{words.noMatch(search)}</p>;
  const all = [...active, ...finished];
  const tabStop = selected !== null && all.includes(selected) ? selected : all[0];
  return (
    // biome-ignore lint/a11y/noStaticElementInteractions: it hears the keys that its rows do not take.
    <div className={styles.lists} onKeyDown={onKeyDown} {...keptFocus}>
      <BuildList />
      {active.length === 0 ? null : <ActiveList ids={active} tabStop={tabStop} actions={actions} />}
      {finished.length === 0 ? null : <FinishedList ids={finished} tabStop={tabStop} actions={actions} />}
    </div>
  );
}

/** True for a download whose name or repository has every word of `search`. */
function useFound(search: string): (id: string) => boolean {
  const { engine, catalog } = useStores();
  const wanted = search
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  return (id) => {
    if (wanted.length === 0) return true;
    const view = engine.store.getState().downloads?.downloads.find((each) => each.id === id);
    if (!view) return false;
    const text = `${downloadName(view, catalog.store.getState().catalog)} ${view.repo}`.toLowerCase();
    return wanted.every((word) => text.includes(word));
  };
}

interface ListProps {
  readonly ids: readonly string[];
  readonly tabStop: string | undefined;
  readonly actions: RowActions;
}

function ActiveList({ ids, tabStop, actions }: ListProps) {
  const wished = useWishedOrder(ids);
  const shown = useStaged(wished.order);
  const { engine } = useStores();
  const viewOf = useCallback(
    (id: string) => engine.store.getState().downloads?.downloads.find((view) => view.id === id),
    [engine],
  );
  const nameOf = useCallback(
    (id: string) => {
      const view = viewOf(id);
      return view ? actions.nameOf(view) : id;
    },
    [viewOf, actions],
  );
  const move = async (id: string, over: string) => {
    const all = engine.store.getState().downloads?.downloads ?? [];
    const position = all.findIndex((view) => view.id === over);
    if (position < 0) return;
    wished.move(id, over);
    if (!(await actions.move(id, position))) wished.forget();
  };
  return (
    <SortableList ids={wished.order} nameOf={nameOf} onMove={(id, over) => void move(id, over)}>
      <section>
        <h2 className="visually-hidden">{words.active}</h2>
        <ul className={styles.list} aria-label={words.activeList}>
          {shown.map((id) => (
            <DownloadRow key={id} id={id} isTabStop={id === tabStop} actions={actions} />
          ))}
        </ul>
      </section>
    </SortableList>
  );
}

function FinishedList({ ids, tabStop, actions }: ListProps) {
  const shown = useStaged(ids);
  const call = useCall();
  const clear = async () => {
    for (const id of ids) await call('downloads.cancel', { id, keepPartial: true });
  };
  return (
    <section>
      <div className={styles.heading}>
        <h2>{words.finished}</h2>
        <Button size="small" look="plain" onClick={() => void clear()}>
          {words.clearFinished}
        </Button>
      </div>
      <ul className={styles.list} aria-label={words.finishedList}>
        {shown.map((id) => (
          <FinishedRow key={id} id={id} isTabStop={id === tabStop} actions={actions} />
        ))}
      </ul>
    </section>
  );
}

function NoDownloads() {
  const go = useNavigation((state) => state.go);
  return (
    <EmptyState
      icon={<ArrowDownToLine size={28} />}
      title={words.emptyTitle}
      actions={
        <Button look="primary" onClick={() => go('discover')}>
          {words.emptyAction}
        </Button>
      }
    >
      {words.emptyText}
    </EmptyState>
  );
}
