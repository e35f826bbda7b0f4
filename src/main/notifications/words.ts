import type { ErrorCode } from '../../shared/contract/errors.ts';
import { formatBytes } from '../../shared/format/bytes.ts';
import { formatDay } from '../../shared/format/day.ts';

/** Texts of notifications: what happened as title; what is safe and what comes next as body. */
export const notificationWords = {
  done: (name: string, recordedAt?: string) => ({
    title: `${name} is ready`,
    body:
      recordedAt === undefined
        ? 'Every byte was verified.'
        : `Already on this computer. Every byte was verified on ${formatDay(recordedAt)}, and the files haven’t changed since.`,
  }),
  made: (name: string) => ({
    title: `${name} is ready`,
    body: 'Made on this computer. Every byte was verified.',
  }),
  source: (name: string) => `${name} is waiting for the model it is made from`,
  failed: (name: string) => `${name} stopped`,
  gated: (name: string) => `${name} needs access`,
  token: (name: string) => `${name} needs a token`,
  changed: (name: string) => `${name} changed on Hugging Face`,
  failedBody: (happened: string, isSaved: boolean) =>
    isSaved ? `${happened} Your progress is saved.` : happened,
  disk: (name: string) => `${name} needs more space`,
  diskBody: (missingBytes: number | undefined) =>
    missingBytes === undefined
      ? 'The download resumes when there is enough space. Your progress is saved.'
      : `Free up ${formatBytes(missingBytes)}, and the download resumes. Your progress is saved.`,
  volume: (name: string) => `${name} is waiting for its disk`,
  volumeBody: 'Connect the disk, and the download resumes. Your progress is saved.',
  /** For a failure without a text of its own. */
  untold: 'Your progress is saved.',
} as const;

/** Failures that only the user can resolve, and what each needs. */
export const NEEDS_USER: Partial<Record<ErrorCode, 'gated' | 'token' | 'changed'>> = {
  Gated: 'gated',
  AuthRequired: 'token',
  ChangedUpstream: 'changed',
};
