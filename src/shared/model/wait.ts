import type { ErrorCode } from '../contract/errors.ts';

/** Why a download waits. It resumes by itself when the reason is gone. */
export const WAIT_REASONS = [
  'network',
  'server',
  'rate-limit',
  'disk',
  'volume',
  'same-file',
  'schedule',
] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** What is wrong with the network, more precise than an error code; `details.trouble` of an error. */
export const TROUBLES = [
  'connection-lost',
  'connection-refused',
  'connection-timeout',
  'answer-timeout',
  'sending-stopped',
  'name-not-found',
  'unreachable',
  'no-network',
  'secure-connection',
  'certificate',
  'certificate-date',
  'invalid-http',
  'proxy-unreachable',
  'proxy-refused',
  'proxy-password',
  'proxy-certificate',
  'sign-in-page',
  'blocked',
  'offline-mode',
] as const;
export type Trouble = (typeof TROUBLES)[number];

/** Why a download does not progress, as facts; the sentence is made where it is shown. */
export interface Wait {
  readonly reason: WaitReason;
  /** Code of the error that began the wait; absent where nothing failed (`same-file`, `schedule`). */
  readonly code?: ErrorCode;
  readonly trouble?: Trouble;
  /** The host that is waited for, with its port unless that is the default. */
  readonly host?: string;
  /** Consecutive failures, from 1. */
  readonly attempt?: number;
  /** ISO time of the next attempt, when one is planned. */
  readonly retryAt?: string;
  /** Time since the last byte, while connections are open and nothing arrives. */
  readonly silentMs?: number;
  /** Space to free before it can resume, and the free space. */
  readonly missingBytes?: number;
  readonly freeBytes?: number;
  /** Id of the download that is fetching the same file. */
  readonly download?: string;
}

/** Returns the trouble of an error; undefined when it has none that is known to this version. */
export function troubleOf(details: Readonly<Record<string, unknown>>): Trouble | undefined {
  return TROUBLES.find((trouble) => trouble === details.trouble);
}
