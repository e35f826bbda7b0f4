import type { Dispatcher } from 'undici';

/** A handler that uses each piece of a body before it returns and keeps none: the piece is overwritten afterwards. */
export interface BorrowingHandler extends Dispatcher.DispatchHandler {
  readonly borrowsBytes: true;
}

/** Wraps a handler that may keep its buffers: returned unchanged if it borrows, otherwise given copies. */
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
