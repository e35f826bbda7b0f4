import type { ErrorCode } from '../../shared/contract/errors.ts';
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
  source: (name: string, reason: string) => ({
    title: `${name} is waiting for the model it is made from`,
    body: reason,
  }),
  failed: (name: string, message: string) => ({ title: `${name} stopped`, body: message }),
  gated: (name: string, message: string) => ({ title: `${name} needs access`, body: message }),
  token: (name: string, message: string) => ({ title: `${name} needs a token`, body: message }),
  changed: (name: string, message: string) => ({ title: `${name} changed on Hugging Face`, body: message }),
  diskFull: (name: string, reason: string) => ({ title: `${name} needs more space`, body: reason }),
  volume: (name: string, reason: string) => ({ title: `${name} is waiting for its disk`, body: reason }),
  /** When a failure carries no words of its own. */
  untold: 'Your progress is saved.',
} as const;

/** Failures that only the user can end, and what each needs. */
export const NEEDS_USER: Partial<Record<ErrorCode, 'gated' | 'token' | 'changed'>> = {
  Gated: 'gated',
  AuthRequired: 'token',
  ChangedUpstream: 'changed',
};
