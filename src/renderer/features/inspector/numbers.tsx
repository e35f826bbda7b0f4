import { Copy } from 'lucide-react';
import type { ReactNode } from 'react';
import { formatBytes } from '../../../shared/format/bytes.ts';
import { formatDuration } from '../../../shared/format/duration.ts';
import type { DownloadStats, DownloadView } from '../../../shared/model/download.ts';
import { IconButton } from '../../ui/icon-button.tsx';
import styles from './numbers.module.css';
import { words } from './words.ts';

/** What a download is pinned to and what it has cost so far. */
export function Numbers(props: {
  readonly view: DownloadView;
  readonly stats: DownloadStats;
  readonly onCopyCommit: (commit: string) => void;
}) {
  const { repo, revision, commit } = props.view;
  const { stats } = props;
  const { downloaded, again } = spentOf(props.view, stats);
  return (
    <dl className={styles.numbers}>
      <Line name={words.repository}>{repo}</Line>
      <Line name={words.revision}>{revision}</Line>
      <Line name={words.commit}>
        {commit === null ? (
          words.notPinned
        ) : (
          <>
            <code title={commit} data-selectable>
              {commit.slice(0, 12)}
            </code>
            <IconButton
              label={words.copyCommit}
              icon={<Copy size={12} />}
              onClick={() => props.onCopyCommit(commit)}
            />
          </>
        )}
      </Line>
      {props.view.chunksTotal > 1 ? (
        <Line name={words.chunks}>{words.chunksOf(props.view.chunksDone, props.view.chunksTotal)}</Line>
      ) : null}
      {props.view.streams > 0 ? <Line name={words.streams}>{props.view.streams}</Line> : null}
      <Line name={words.downloaded}>{formatBytes(downloaded)}</Line>
      <Line name={words.rescued}>{formatBytes(stats.rescuedBytes)}</Line>
      <Line name={words.wasted}>{formatBytes(again)}</Line>
      <Line name={words.retries}>{stats.retries}</Line>
      <Line name={words.activeTime}>{formatDuration(stats.seconds)}</Line>
    </dl>
  );
}

/** Downloaded once + reused = what is on disk; what was downloaded beyond that was downloaded again. */
function spentOf(
  { receivedBytes }: DownloadView,
  { downloadedBytes, rescuedBytes, wastedBytes }: DownloadStats,
) {
  const downloaded = Math.max(0, receivedBytes - rescuedBytes);
  return { downloaded, again: Math.min(wastedBytes, downloadedBytes) };
}

function Line({ name, children }: { readonly name: string; readonly children: ReactNode }) {
  return (
    <div className={styles.line}>
      <dt>{name}</dt>
      <dd data-selectable>{children}</dd>
    </div>
  );
}
