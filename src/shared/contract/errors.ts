/**
 * Every way in which an operation can fail, as a closed set. All processes report failures in these codes only; a
 * switch over them is exhaustive.
 */
export const ERROR_CODES = [
  'Cancelled',
  'Offline',
  'Timeout',
  'Stalled',
  'RateLimited',
  'ServerError',
  'NotFound',
  'AuthRequired',
  'Gated',
  'ProxyAuthRequired',
  'ChangedUpstream',
  'RangeUnsupported',
  'HashMismatch',
  'DiskFull',
  'DiskPermission',
  'DiskMissing',
  'PathUnsafe',
  'LedgerCorrupt',
  'LedgerBusy',
  'EngineUnavailable',
  'BadRequest',
  'Internal',
] as const;

/** One of {@link ERROR_CODES}. */
export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a process boundary instead of an exception. */
export interface ErrorData {
  readonly code: ErrorCode;
  /** For a person: what happened, what is safe, what happens next. */
  readonly message: string;
  /** True when the same request may succeed later without the user changing anything. */
  readonly retryable: boolean;
  /** Facts for diagnostics (errno, HTTP status, host). Never a token, never a signed URL. */
  readonly details: Readonly<Record<string, string | number | boolean>>;
}

const RETRYABLE: ReadonlySet<ErrorCode> = new Set([
  'Offline',
  'Timeout',
  'Stalled',
  'RateLimited',
  'ServerError',
  'RangeUnsupported',
  'DiskFull',
  'DiskMissing',
  'LedgerBusy',
  'EngineUnavailable',
]);

/** Options of {@link AppError}; `retryable` overrides what the code implies. */
export interface AppErrorOptions {
  readonly retryable?: boolean;
  readonly details?: ErrorData['details'];
  readonly cause?: unknown;
  /** Minimum wait before another attempt, in milliseconds, as requested by the server. */
  readonly retryAfterMs?: number;
}

/** The only error class that leaves a module on purpose. */
export class AppError extends Error implements ErrorData {
  override readonly name = 'AppError';
  readonly code: ErrorCode;
  readonly retryable: boolean;
  readonly details: ErrorData['details'];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.retryable = options.retryable ?? RETRYABLE.has(code);
    this.details = options.details ?? {};
    this.retryAfterMs = options.retryAfterMs;
  }

  /** The plain data of this error, safe to send to another process. */
  toData(): ErrorData {
    return { code: this.code, message: this.message, retryable: this.retryable, details: this.details };
  }
}

/** Makes the compiler prove that a switch is exhaustive. Throws if a value outside the type arrives at run time. */
export function assertNever(value: never): never {
  throw new AppError('Internal', `Unexpected value ${JSON.stringify(value)}`);
}
