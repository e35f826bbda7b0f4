import { percentOf } from '../../../shared/format/percent.ts';
import type { BuildView } from '../../../shared/model/build.ts';
import type { Catalog } from '../../../shared/model/catalog.ts';
import { words } from './words.ts';

/** The content of a build's row. */
export interface BuildFigures {
  /** The phase, or why it is stopped. */
  readonly text: string;
  readonly tone: 'plain' | 'attention' | 'bad' | 'good';
  /** `6.3 of 15.4 GB read · 2.0 GB written`. */
  readonly amount: string | null;
  readonly rate: string | null;
  readonly timeLeft: string | null;
  /** For screen readers. */
  readonly spoken: string;
}

export function buildFigures(build: BuildView): BuildFigures {
  const { state, reason, bytesPerSecond, etaSeconds } = build;
  const isMoving = state === 'making' || state === 'verifying';
  const timeLeft = isMoving && etaSeconds !== null ? words.timeLeft(etaSeconds) : null;
  const percent = Math.min(99, percentOf(build.sourceBytesDone, build.sourceBytes));
  return {
    text: reason === null ? words.phases[state] : `${words.phases[state]}. ${reason}`,
    tone: TONES[state] ?? 'plain',
    amount: amountOf(build),
    rate: isMoving && bytesPerSecond > 0 ? words.rate(bytesPerSecond) : null,
    timeLeft,
    spoken: words.spoken(percent, words.phases[state], timeLeft),
  };
}

const TONES: Readonly<Partial<Record<BuildView['state'], BuildFigures['tone']>>> = {
  waiting: 'attention',
  failed: 'bad',
  ready: 'good',
};

function amountOf(build: BuildView): string | null {
  if (build.sourceBytes === 0) return null;
  if (build.state === 'verifying') return words.verified(build.hashedBytes, build.outputBytes);
  return words.amount(build.sourceBytesDone, build.sourceBytes, build.writtenBytes);
}

/** Name of the result: that of the catalog with its variant, else the repository's. */
export function buildName(
  {
    model,
    variant,
    repo,
  }: { readonly model: string | null; readonly variant: string; readonly repo: string },
  catalog: Catalog | null,
): string {
  const known = catalog?.models.find(({ id }) => id === model);
  return `${known?.name ?? repo} ${variant.toUpperCase()}`;
}
