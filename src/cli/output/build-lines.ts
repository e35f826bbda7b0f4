import type { BuildEvent } from '../../shared/contract/events.ts';
import { formatBytes, formatBytesOf } from '../../shared/format/bytes.ts';
import { formatDuration } from '../../shared/format/duration.ts';
import { percentOf } from '../../shared/format/percent.ts';
import { formatRate } from '../../shared/format/rate.ts';
import {
  type BuildPlanView,
  type BuildProgress,
  type BuildState,
  lackingBytes,
} from '../../shared/model/build.ts';

/** An event of a build as one object of `--json`: its published name, and the id of the build. */
export function buildJson(event: BuildEvent): unknown {
  const { event: name, seq: _seq, time, download: build, ...rest } = event;
  const published = { event: name.slice('build.'.length), time, build };
  if (event.event !== 'build.planned') return { ...published, ...rest };
  return { ...published, ...event.plan };
}

const PHASES: Readonly<Record<BuildState, string>> = {
  queued: 'waiting for its turn',
  planning: 'reading source',
  making: 'making',
  verifying: 'verifying',
  installing: 'installing',
  ready: 'ready',
  paused: 'paused',
  waiting: 'waiting',
  failed: 'failed',
};

/** Returns the progress of a build, in one line. Never 100 % before it is ready. */
export function buildLine(name: string, progress: BuildProgress): string {
  const { state, reason, sourceBytesDone, sourceBytes, writtenBytes, hashedBytes, outputBytes } = progress;
  const percent = Math.min(state === 'ready' ? 100 : 99, percentOf(sourceBytesDone, sourceBytes));
  const amount =
    state === 'verifying'
      ? `${formatBytesOf(hashedBytes, outputBytes)} checked`
      : `${formatBytesOf(sourceBytesDone, sourceBytes)} read · ${formatBytes(writtenBytes)} written · ${percent} %`;
  const rate = progress.bytesPerSecond > 0 ? formatRate(progress.bytesPerSecond) : null;
  const left = progress.etaSeconds === null ? null : `${formatDuration(progress.etaSeconds)} left`;
  const parts = [`${name}: ${PHASES[state]}`, sourceBytes > 0 ? amount : null, rate, left, reason];
  return parts.filter((part) => part !== null).join(' · ');
}

/** Returns what a build would do, for people. */
export function planLines(plan: BuildPlanView): readonly string[] {
  const { source, recipe, rule, sourceBytes, outputBytes, neededBytes, freeBytes, estimatedSeconds } = plan;
  const lacking = lackingBytes(plan);
  return [
    `${plan.variant.toUpperCase()} of ${source.repo} at ${source.commit.slice(0, 8)}, ${recipe} (rule ${rule})`,
    `${formatBytes(sourceBytes)} to read, ${formatBytes(outputBytes)} to write, in ${plan.units} units`,
    `${formatBytes(neededBytes)} needed, ${formatFree(freeBytes)} free`,
    ...(lacking === 0 ? [] : [`not enough space: free up ${formatBytes(lacking)}`]),
    ...(estimatedSeconds === null
      ? []
      : [`about ${formatDuration(estimatedSeconds)}, as fast as the last one here`]),
    `${plan.path}${plan.exists ? ' (there already)' : ''}`,
  ];
}

function formatFree(freeBytes: number | null): string {
  return freeBytes === null ? 'an unknown amount' : formatBytes(freeBytes);
}
