import { Pause, Play, X, Zap } from 'lucide-react';
import { memo, useState } from 'react';
import { formatChange } from '../../../shared/format/change.ts';
import { downloadName } from '../../../shared/format/download-name.ts';
import type { DownloadView } from '../../../shared/model/download.ts';
import { useCatalog, useDownload, useStores } from '../../stores/stores-context.tsx';
import { CutName } from '../../ui/cut-name.tsx';
import { IconButton } from '../../ui/icon-button.tsx';
import { ProgressBar } from '../../ui/progress-bar.tsx';
import { barOf } from '../download/bar.ts';
import { figuresOf } from '../download/figures.ts';
import type { RowActions } from '../download/row-actions.ts';
import { spokenProgress } from '../download/spoken.ts';
import { useRowText } from '../download/use-row-text.ts';
import { words } from '../download/words.ts';
import { AcceptDialog } from './accept-dialog.tsx';
import styles from './download-row.module.css';
import { PhaseWords } from './phase-words.tsx';
import { canStartNow } from './row-items.ts';
import { RowMenu } from './row-menu.tsx';
import { StateLine } from './state-line.tsx';

/** The content of a row. Separate, so that it renders for its own download only, and not while rows are dragged. */
export const RowContent = memo(function RowContent(props: {
  readonly id: string;
  readonly actions: RowActions;
}) {
  const { actions } = props;
  const view = useDownload(props.id);
  const catalog = useCatalog((state) => state.catalog);
  if (!view) return null;
  const name = downloadName(view, catalog);
  const isResting = view.state === 'paused' || view.state === 'failed';
  if (COMPACT.has(view.state) || view.wait?.reason === 'schedule') {
    return <CompactContent view={view} name={name} actions={actions} isResting={isResting} />;
  }
  return (
    <div className={styles.content}>
      <div className={styles.head}>
        <h3 className={styles.name}>
          <CutName name={name} />
        </h3>
        {name === view.repo ? null : <span className={styles.repo}>{view.repo}</span>}
        <div className={styles.buttons}>
          <Buttons id={view.id} isResting={isResting} actions={actions} />
          <RowMenu view={view} actions={actions} />
        </div>
      </div>
      <Progress view={view} name={name} />
      <Situation view={view} name={name} actions={actions} />
    </div>
  );
});

/** Waiting downloads and those paused by the user need one line. */
const COMPACT: ReadonlySet<DownloadView['state']> = new Set(['queued', 'paused']);

function CompactContent(props: {
  readonly view: DownloadView;
  readonly name: string;
  readonly actions: RowActions;
  readonly isResting: boolean;
}) {
  const { view, name, actions } = props;
  const { text } = useRowText(view);
  const { verified, received } = barOf(view);
  const { amount } = figuresOf(view);
  return (
    <div className={styles.compact}>
      <div className={styles.words}>
        <h3 className={styles.name}>
          <CutName name={name} />
        </h3>
        <span>{amount}</span>
        <p className={styles.state} data-testid="state-text">
          {text}
        </p>
      </div>
      <div className={styles.buttons}>
        {canStartNow(view) && view.state !== 'paused' ? (
          <IconButton
            label={words.startNow}
            icon={<Zap size={16} />}
            onClick={() => actions.startNow(view.id)}
          />
        ) : null}
        <Buttons id={view.id} isResting={props.isResting} actions={actions} />
        <RowMenu view={view} actions={actions} />
      </div>
      {view.totalBytes > 0 ? (
        <ProgressBar
          label={name}
          size="thin"
          tone="resting"
          verifiedBytes={verified * view.totalBytes}
          receivedBytes={received * view.totalBytes}
          totalBytes={view.totalBytes}
          valueText={spokenProgress(view)}
        />
      ) : null}
    </div>
  );
}

const Buttons = memo(function Buttons(props: {
  readonly id: string;
  readonly isResting: boolean;
  readonly actions: RowActions;
}) {
  const { id, isResting, actions } = props;
  const { navigation } = useStores();
  return (
    <>
      {isResting ? (
        <IconButton
          label={words.resume}
          shortcut="Space"
          icon={<Play size={16} />}
          onClick={() => actions.resume(id)}
        />
      ) : (
        <IconButton
          label={words.pause}
          shortcut="Space"
          icon={<Pause size={16} />}
          onClick={() => actions.pause(id)}
        />
      )}
      <IconButton
        label={words.cancel}
        icon={<X size={16} />}
        onClick={() => navigation.getState().askCancel(id)}
      />
    </>
  );
});

const RESTING: ReadonlySet<DownloadView['state']> = new Set(['paused', 'queued', 'waiting']);

function Progress({ view, name }: { readonly view: DownloadView; readonly name: string }) {
  const { verified, received } = barOf(view);
  const { amount, rate, timeLeft } = figuresOf(view);
  const tone = view.state === 'failed' ? 'failed' : RESTING.has(view.state) ? 'resting' : 'active';
  return (
    <>
      <PhaseWords view={view} />
      <ProgressBar
        label={name}
        tone={tone}
        verifiedBytes={verified * view.totalBytes}
        receivedBytes={received * view.totalBytes}
        totalBytes={view.totalBytes}
        valueText={spokenProgress(view)}
      />
      <div className={styles.figures}>
        {[amount, rate, timeLeft].map((figure, index) =>
          // biome-ignore lint/suspicious/noArrayIndexKey: each figure has its own place.
          figure === null ? null : <span key={index}>{figure}</span>,
        )}
      </div>
    </>
  );
}

function Situation(props: {
  readonly view: DownloadView;
  readonly name: string;
  readonly actions: RowActions;
}) {
  const [isAsked, setAsked] = useState(false);
  return (
    <>
      <StateLine view={props.view} actions={props.actions} onAcceptChange={() => setAsked(true)} />
      <AcceptDialog
        isOpen={isAsked}
        name={props.name}
        change={formatChange(props.view.error?.details ?? {})}
        onClose={() => setAsked(false)}
        onAccept={() => {
          setAsked(false);
          props.actions.acceptChange(props.view.id);
        }}
      />
    </>
  );
}
