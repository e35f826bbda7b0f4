import { PanelRight } from 'lucide-react';
import { useState } from 'react';
import { useShallow } from 'zustand/shallow';
import { formatTimeLeft } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { DownloadState } from '../../../shared/model/download.ts';
import { isBuildActive } from '../../../shared/projection/build-totals.ts';
import { useCall, useEngine, useNavigation, useTotals } from '../../stores/stores-context.tsx';
import { useWantedFocus } from '../../stores/use-wanted-focus.ts';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { SearchField } from '../../ui/search-field.tsx';
import { useRowActions } from '../download/use-row-actions.ts';
import { words } from '../download/words.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { DownloadLists } from './download-lists.tsx';
import styles from './downloads-pane.module.css';
import { LimitMenu } from './limit-menu.tsx';

/** The Downloads section: unfinished downloads, finished ones, and the inspector. */
export function DownloadsPane() {
  const isInspectorOpen = useNavigation((state) => state.isInspectorOpen);
  const actions = useRowActions();
  const [search, setSearch] = useState('');
  return (
    <Pane
      title={words.title}
      note={<TotalsNote />}
      tools={<Tools search={search} onSearch={setSearch} />}
      aside={isInspectorOpen ? <Inspector actions={actions} /> : undefined}
    >
      <DownloadLists actions={actions} search={search} />
    </Pane>
  );
}

/** Separate, so that only this text changes with every byte. */
function TotalsNote() {
  const { active, bytesPerSecond, etaSeconds } = useTotals();
  if (active === 0) return null;
  const parts = [words.activeCount(active)];
  if (bytesPerSecond > 0) parts.push(formatRate(bytesPerSecond));
  if (etaSeconds !== null) parts.push(formatTimeLeft(etaSeconds));
  return <span className={styles.totals}>{parts.join(' · ')}</span>;
}

const RESTS: ReadonlySet<DownloadState> = new Set(['ready', 'paused', 'failed']);

function Tools(props: { readonly search: string; readonly onSearch: (text: string) => void }) {
  const field = useWantedFocus('search');
  const hasDownloads = useEngine(({ downloads }) => (downloads?.downloads.length ?? 0) > 0);
  const call = useCall();
  const isOpen = useNavigation((state) => state.isInspectorOpen);
  const toggle = useNavigation((state) => state.toggleInspector);
  const isMac = thisPlatform() === 'darwin';
  const { canPause, canResume } = useEngine(
    useShallow(({ downloads }) => ({
      canPause:
        (downloads?.downloads.some(({ state }) => !RESTS.has(state)) ||
          downloads?.builds.some(isBuildActive)) ??
        false,
      canResume: [...(downloads?.downloads ?? []), ...(downloads?.builds ?? [])].some(
        ({ state }) => state === 'paused',
      ),
    })),
  );
  return (
    <>
      <LimitMenu />
      {canPause ? (
        <Button onClick={() => void call('downloads.pauseAll', {})}>{words.pauseAll}</Button>
      ) : null}
      {canResume ? (
        <Button onClick={() => void call('downloads.resumeAll', {})}>{words.resumeAll}</Button>
      ) : null}
      {hasDownloads || props.search !== '' ? (
        <SearchField
          ref={field}
          label={words.search}
          hint={words.searchHint}
          value={props.search}
          onChange={props.onSearch}
        />
      ) : null}
      <IconButton
        label={words.inspector}
        shortcut={isMac ? '⌥⌘I' : 'Ctrl+Alt+I'}
        icon={<PanelRight size={16} />}
        isPressed={isOpen}
        onClick={toggle}
      />
    </>
  );
}
