import type { DownloadState, DownloadView } from '../../../shared/model/download.ts';

/** The four named phases of every download, in order. */
export const PHASES = ['checking', 'downloading', 'verifying', 'installing'] as const;
export type Phase = (typeof PHASES)[number];

const PHASE_OF: Readonly<Partial<Record<DownloadState, Phase>>> = {
  queued: 'checking',
  resolving: 'checking',
  downloading: 'downloading',
  verifying: 'verifying',
  repairing: 'verifying',
  installing: 'installing',
};

type Measured = Pick<DownloadView, 'state' | 'receivedBytes' | 'totalBytes'>;

/** Returns the phase a download is in, or was in when it was paused, held up or ended. Null when all are done. */
export function phaseOf(view: Measured): Phase | null {
  if (view.state === 'ready') return null;
  const phase = PHASE_OF[view.state];
  // What is queued again after a restart is not back at its beginning.
  if (phase !== undefined && view.state !== 'queued') return phase;
  if (view.totalBytes === 0 || view.receivedBytes === 0) return 'checking';
  return view.receivedBytes < view.totalBytes ? 'downloading' : 'verifying';
}

/** Returns whether a phase of a download is done, current, or ahead. */
export function phaseStanding(phase: Phase, current: Phase | null): 'past' | 'now' | 'ahead' {
  if (current === null) return 'past';
  const distance = PHASES.indexOf(phase) - PHASES.indexOf(current);
  return distance < 0 ? 'past' : distance === 0 ? 'now' : 'ahead';
}
