import type { StreamView } from '../../../shared/model/inspection.ts';
import { rateOf } from '../download/figures.ts';
import styles from './stream-list.module.css';
import { words } from './words.ts';

/** Silence of a connection that is worth reporting, in seconds. */
const SILENCE_SECONDS = 3;

/**
 * The connections that are open now. Their speeds add up to `bytesPerSecond`, the speed of the download as it is shown
 * everywhere else: connections are asked for once a second, and the total may have changed since.
 */
export function StreamList({
  streams,
  bytesPerSecond,
}: {
  readonly streams: readonly StreamView[];
  readonly bytesPerSecond: number;
}) {
  const sum = streams.reduce((total, stream) => total + stream.bytesPerSecond, 0);
  const scale = sum === 0 ? 1 : bytesPerSecond / sum;
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
              : rateOf(stream.bytesPerSecond * scale)}
          </span>
        </li>
      ))}
    </ul>
  );
}
