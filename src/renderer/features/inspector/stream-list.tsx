import type { StreamView } from '../../../shared/model/inspection.ts';
import { rateOf } from '../download/figures.ts';
import styles from './stream-list.module.css';
import { words } from './words.ts';

/** Silence of a connection that is worth reporting, in seconds. */
const SILENCE_SECONDS = 3;

/** The connections that are open now, with their speeds. */
export function StreamList({ streams }: { readonly streams: readonly StreamView[] }) {
  if (streams.length === 0) return <p className={styles.none}>{words.noStreams}</p>;
  return (
    <ul className={styles.list}>
      {streams.map((stream, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: several connections may be at work on one chunk.
        <li key={index} className={styles.stream}>
          <span className={styles.host} title={stream.host}>
            {stream.name ?? stream.host}
          </span>
          <span className={styles.chunk} title={stream.path}>
            {words.chunkNumber(stream.chunk)}
          </span>
          <span className={stream.silentSeconds >= SILENCE_SECONDS ? styles.silent : styles.rate}>
            {stream.silentSeconds >= SILENCE_SECONDS
              ? words.silentFor(stream.silentSeconds)
              : rateOf(stream.bytesPerSecond)}
          </span>
        </li>
      ))}
    </ul>
  );
}
