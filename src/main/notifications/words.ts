import type { ErrorCode } from '../../shared/contract/errors.ts';
import { formatDay } from '../../shared/format/day.ts';

/** Texts of notifications: what happened as title; what is safe and what comes next as body. */
export const notificationWords = {
  done: (name: string, recordedAt?: string) => ({
    title: `${name} is ready`,
    body:
      recordedAt === undefined
        ? 'Every byte has been checked.'
        : `It was here already: every byte was checked on ${formatDay(recordedAt)}, and the files are unchanged since.`,
  }),
  failed: (name: string, message: string) => ({ title: `${name} stopped`, body: message }),
  gated: (name: string, message: string) => ({ title: `${name} needs your access`, body: message }),
  token: (name: string, message: string) => ({ title: `${name} needs a token`, body: message }),
  changed: (name: string, message: string) => ({ title: `${name} changed on the Hub`, body: message }),
  diskFull: (name: string, reason: string) => ({ title: `${name} needs space`, body: reason }),
  volume: (name: string, reason: string) => ({ title: `${name} waits for its disk`, body: reason }),
  /** When a failure carries no words of its own. */
  untold: 'What was downloaded is kept.',
} as const;

/** Failures that only the user can end, and what each needs. */
export const NEEDS_USER: Partial<Record<ErrorCode, 'gated' | 'token' | 'changed'>> = {
  Gated: 'gated',
  AuthRequired: 'token',
  ChangedUpstream: 'changed',
};
