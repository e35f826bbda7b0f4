import type { Dispatcher } from 'undici';

/** A handler that uses each piece of a body before it returns, and keeps none: the piece is overwritten afterwards. */
export interface BorrowingHandler extends Dispatcher.DispatchHandler {
  readonly borrowsBytes: true;
}

/** A handler that may keep what it is given: the same, if it borrows, else one that gets copies. */
export function mayKeepBytes(handler: Dispatcher.DispatchHandler): Dispatcher.DispatchHandler {
  if ('borrowsBytes' in handler) return handler;
  return {
    onRequestStart: (...args) => handler.onRequestStart?.(...args),
    onRequestUpgrade: (...args) => handler.onRequestUpgrade?.(...args),
    onResponseStart: (...args) => handler.onResponseStart?.(...args),
    onResponseData: (controller, bytes) => handler.onResponseData?.(controller, Buffer.from(bytes)),
    onResponseEnd: (...args) => handler.onResponseEnd?.(...args),
    onResponseError: (...args) => handler.onResponseError?.(...args),
  };
}
