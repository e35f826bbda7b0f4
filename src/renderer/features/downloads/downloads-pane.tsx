import { PanelRight } from 'lucide-react';
import { useShallow } from 'zustand/shallow';
import { formatTimeLeft } from '../../../shared/format/duration.ts';
import { formatRate } from '../../../shared/format/rate.ts';
import type { DownloadState } from '../../../shared/model/download.ts';
import { useCall, useEngine, useNavigation, useTotals } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { Pane } from '../../ui/pane.tsx';
import { thisPlatform } from '../../ui/platform.ts';
import { useRowActions } from '../download/use-row-actions.ts';
import { words } from '../download/words.ts';
import { Inspector } from '../inspector/inspector.tsx';
import { DownloadLists } from './download-lists.tsx';

/** The Downloads section: what is on its way, what has come, and the inspector. */
export function DownloadsPane() {
  const isInspectorOpen = useNavigation((state) => state.isInspectorOpen);
  const actions = useRowActions();
  return (
    <Pane
      title={words.title}
      note={<TotalsNote />}
      tools={<Tools />}
      aside={isInspectorOpen ? <Inspector actions={actions} /> : undefined}
    >
      <DownloadLists actions={actions} />
    </Pane>
  );
}

/** By itself, so that only this text changes with every byte. */
function TotalsNote() {
  const { active, bytesPerSecond, etaSeconds } = useTotals();
  if (active === 0) return null;
  const parts = [words.activeCount(active)];
  if (bytesPerSecond > 0) parts.push(formatRate(bytesPerSecond));
  if (etaSeconds !== null) parts.push(formatTimeLeft(etaSeconds));
  return <>{parts.join(' · ')}</>;
}

const RESTS: ReadonlySet<DownloadState> = new Set(['ready', 'paused', 'failed']);

function Tools() {
  const call = useCall();
  const isOpen = useNavigation((state) => state.isInspectorOpen);
  const toggle = useNavigation((state) => state.toggleInspector);
  const isMac = thisPlatform() === 'darwin';
  const { canPause, canResume } = useEngine(
    useShallow(({ downloads }) => ({
      canPause: downloads?.downloads.some(({ state }) => !RESTS.has(state)) ?? false,
      canResume: downloads?.downloads.some(({ state }) => state === 'paused') ?? false,
    })),
  );
  return (
    <>
      {canPause ? (
        <Button onClick={() => void call('downloads.pauseAll', {})}>{words.pauseAll}</Button>
      ) : null}
      {canResume ? (
        <Button onClick={() => void call('downloads.resumeAll', {})}>{words.resumeAll}</Button>
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
