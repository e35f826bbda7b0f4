import { useEffect, useState } from 'react';
import type { EngineStatus } from '../../../shared/contract/engine-status.ts';
import { useCall, useEngine } from '../../stores/stores-context.tsx';
import { Button } from '../../ui/button.tsx';
import { ErrorNote } from '../../ui/error-note.tsx';
import { errorWords } from '../../ui/error-words.ts';
import { useNow } from '../../ui/use-now.ts';
import styles from './engine-banner.module.css';
import { words } from './words.ts';

/** A start that takes no longer needs no message. */
const QUIET_START_MS = 700;

/** The state of the engine while it is not running. */
export function EngineBanner() {
  const status = useEngine((state) => state.status);
  const text = useStatusText(status);
  const call = useCall();
  if (status.state === 'failed') {
    return (
      <div className={styles.place}>
        <ErrorNote
          error={status.error}
          action={<Button onClick={() => void call('engine.restart', {})}>{words.tryAgain}</Button>}
        >
          {words.engineFailed} {errorWords(status.error)}
        </ErrorNote>
      </div>
    );
  }
  return (
    <div role="status" className={text === null ? 'visually-hidden' : styles.banner}>
      {text}
    </div>
  );
}

function useStatusText(status: EngineStatus): string | null {
  const now = useNow(status.state === 'restarting' || status.state === 'starting');
  const [since, setSince] = useState(now);
  // biome-ignore lint/correctness/useExhaustiveDependencies: the moment at which this state began.
  useEffect(() => setSince(Date.now()), [status.state]);
  switch (status.state) {
    case 'starting':
      return now - since >= QUIET_START_MS ? words.engineStarting : null;
    case 'restarting':
      return words.engineRestarting(Math.max(0, Math.ceil((Date.parse(status.retryAt) - now) / 1000)));
    case 'stopped':
      return words.engineStopped;
    case 'running':
    case 'failed':
      return null;
  }
}
