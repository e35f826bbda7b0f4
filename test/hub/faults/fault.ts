import type { Wait } from '../conditions/pause.ts';
import type { Origin, RequestRecord } from '../http/request-log.ts';

/** Which requests a fault is for. All given fields must fit. */
export interface FaultMatch {
  readonly origin?: Origin;
  readonly method?: string;
  /** The path of the URL as it came: equal to a string, or fitting a pattern. */
  readonly path?: string | RegExp;
  readonly repo?: string;
  /** Path of the file inside its repository. */
  readonly file?: string;
  /** First byte that the Range header asks for; 0 also fits a request without one. */
  readonly rangeStart?: number;
  /** A file offset that the asked-for range covers; a request without a range covers all. */
  readonly covers?: number;
  /** Fires from the n-th fitting request on, counted from 1. */
  readonly nth?: number;
  readonly where?: (record: RequestRecord) => boolean;
}

/** A response instead of the right one. */
export interface CannedAnswer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** What a fault does. The fields go together: spread several into one fault. */
export interface FaultActions {
  /** Milliseconds of silence before the headers. */
  readonly stallBeforeHeaders?: Wait;
  /** Milliseconds of silence between the headers and the body. */
  readonly stallAfterHeaders?: Wait;
  readonly stallAfterBytes?: { readonly bytes: number; readonly ms: Wait };
  /** The socket is destroyed after so many bytes of the body; with `reset` the client gets ECONNRESET at once. */
  readonly cutAfterBytes?: { readonly bytes: number; readonly reset?: boolean };
  /** The socket is destroyed before anything is answered. */
  readonly cutBeforeHeaders?: boolean;
  /** Bytes per second of the body. */
  readonly dribble?: number;
  readonly answer?: CannedAnswer;
  /** Redirects to the requested URL itself. */
  readonly redirectLoop?: boolean;
  /** 200 and the whole file, whatever the Range header. */
  readonly wholeBodyForRange?: boolean;
  /** Content-Range has a start and an end that are off by that many bytes; the body is the requested one. */
  readonly shiftContentRange?: number;
  /** Content-Range has this size of the whole file. */
  readonly wrongTotal?: number;
  /** 416 with the right size. */
  readonly refuseRange?: boolean;
  /** The body is gzip-encoded, asked for or not, and has no Content-Length. */
  readonly gzipBody?: boolean;
  /** The body ends after so many bytes and the connection is closed in an orderly way. */
  readonly shortBody?: { readonly bytes: number; readonly contentLength: 'right' | 'short' };
  /** File offsets whose bytes arrive inverted. */
  readonly flipBytes?: readonly number[];
  /** The signed URL is refused with 403, now and ever after; a new one is fine. */
  readonly expireUrl?: boolean;
  /** Every response about this file has this hash, size or both. */
  readonly announce?: { readonly file: string; readonly sha256?: string; readonly size?: number };
  /** The branch moves just before the request is answered. */
  readonly moveBranch?: { readonly repo: string; readonly branch: string; readonly commit: string };
  /** Headers added or, with null, taken away. */
  readonly headers?: Readonly<Record<string, string | null>>;
}

/** A fault: for which requests, how often, and what it does. */
export interface Fault extends FaultActions {
  readonly match?: FaultMatch;
  /** How many requests it hits; 1 by default. */
  readonly times?: number;
}

/** A fault in place. */
export interface ActiveFault {
  /** How many requests it has hit. */
  readonly fired: number;
  remove(): void;
}

/** The faults of a Hub. */
export interface FaultList {
  add(fault: Fault): ActiveFault;
  clear(): void;
}
