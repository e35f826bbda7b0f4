import type { ErrorCode } from '../contract/errors.ts';

/** Why a download waits. It resumes by itself when the reason is gone. */
export const WAIT_REASONS = ['network', 'server', 'rate-limit', 'disk', 'volume', 'same-file'] as const;
export type WaitReason = (typeof WAIT_REASONS)[number];

/** What is wrong with the network, more exact than an error code; `details.trouble` of an error. */
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

/** Why a download does not move, as facts; the sentence is made where it is shown. */
export interface Wait {
  readonly reason: WaitReason;
  /** Code of the error that began the wait; absent where nothing failed (`same-file`). */
  readonly code?: ErrorCode;
  readonly trouble?: Trouble;
  /** Who is waited for, with its port where that is not the usual one. */
  readonly host?: string;
  /** Failures in a row, from 1. */
  readonly attempt?: number;
  /** ISO time of the next attempt, when one is planned. */
  readonly retryAt?: string;
  /** Time since the last byte, while connections are open and nothing comes. */
  readonly silentMs?: number;
  /** Room to free before it can resume, and the room that there is. */
  readonly missingBytes?: number;
  readonly freeBytes?: number;
  /** Id of the download that is bringing the same file. */
  readonly download?: string;
}

/** The trouble that an error names; undefined when it names none that is known here. */
export function troubleOf(details: Readonly<Record<string, unknown>>): Trouble | undefined {
  return TROUBLES.find((trouble) => trouble === details.trouble);
}
