import 'uplot/dist/uPlot.min.css';
import { useEffect, useRef, useState } from 'react';
import type uPlot from 'uplot';
import { peakOf, recentSpeeds, SPEED_SAMPLES, untilNow } from '../../stores/speed-history.ts';
import { useStores } from '../../stores/stores-context.tsx';
import { rateOf } from '../download/figures.ts';
import styles from './speed-graph.module.css';
import { graphOptions } from './speed-graph-options.ts';
import { useColourScheme } from './use-colour-scheme.ts';
import { useWidth } from './use-width.ts';
import { words } from './words.ts';

const HEIGHT = 96;
type Speeds = readonly [number[], number[]];
const NONE: Speeds = [[], []];

/** The speed of the last minutes, with its peak in words. `bytesPerSecond` is the speed now, as it is shown everywhere else. */
export function SpeedGraph({ id, bytesPerSecond }: { readonly id: string; readonly bytesPerSecond: number }) {
  const speeds = useSpeeds(id);
  const now = rateOf(bytesPerSecond);
  const peak = rateOf(Math.max(bytesPerSecond, peakOf(speeds[1])));
  return (
    <>
      <Plot speeds={speeds} label={words.speedGraph(now, peak)} />
      <p className={styles.legend}>
        <span>
          {words.now} <strong>{now}</strong>
        </span>
        <span>
          {words.peak} <strong>{peak}</strong>
        </span>
        <span>{words.lastMinutes}</span>
      </p>
    </>
  );
}

/** Read from the ring once a second while the page is visible. */
function useSpeeds(id: string): Speeds {
  const { activity } = useStores();
  const [speeds, setSpeeds] = useState<Speeds>(NONE);
  useEffect(() => {
    const read = () => {
      if (document.hidden) return;
      const history = activity.speeds(id);
      const now = Math.floor(Date.now() / 1000);
      setSpeeds(history ? untilNow(recentSpeeds(history, now), now) : NONE);
    };
    read();
    const timer = setInterval(read, 1000);
    return () => clearInterval(timer);
  }, [activity, id]);
  return speeds;
}

function Plot({ speeds, label }: { readonly speeds: Speeds; readonly label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const latest = useRef(speeds);
  latest.current = speeds;
  const width = useWidth(box);
  const scheme = useColourScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: another colour scheme has other colours to read.
  useEffect(() => {
    const element = box.current;
    if (!element || width === 0) return;
    let isWanted = true;
    void import('uplot').then(({ default: Plot }) => {
      if (!isWanted) return;
      const options = graphOptions(element, { width, height: HEIGHT });
      plot.current = new Plot(options, shown(latest.current), element);
    });
    return () => {
      isWanted = false;
      plot.current?.destroy();
      plot.current = null;
    };
  }, [width, scheme]);
  useEffect(() => plot.current?.setData(shown(speeds)), [speeds]);
  return <div ref={box} className={styles.plot} role="img" aria-label={label} />;
}

/** The graph always spans the whole time, with now at its right end. */
function shown([times, values]: Speeds): [number[], Array<number | null>] {
  const end = times.at(-1) ?? Date.now() / 1000;
  return [
    [end - SPEED_SAMPLES, ...times],
    // A null is a gap: no line is drawn through a pause.
    [null, ...values.map((value) => (Number.isNaN(value) ? null : value))],
  ];
}
