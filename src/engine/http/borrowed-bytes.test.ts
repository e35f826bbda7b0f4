import type { Dispatcher } from 'undici';
import { describe, expect, it } from 'vitest';
import { type BorrowingHandler, mayKeepBytes } from './borrowed-bytes.ts';

const controller = {} as Dispatcher.DispatchController;

/** Passes a piece to a handler, overwrites it, and returns what the handler holds. */
function heldBy(wrap: (handler: Dispatcher.DispatchHandler) => Dispatcher.DispatchHandler, more: object) {
  let held: Buffer = Buffer.alloc(0);
  const handler = wrap({
    ...more,
    onResponseData: (_, bytes) => {
      held = bytes;
    },
  });
  const piece = Buffer.from('before');
  handler.onResponseData?.(controller, piece);
  piece.fill('x');
  return held.toString();
}

describe('mayKeepBytes', () => {
  it('gives copies to a handler that may keep what it gets', () => {
    expect(heldBy(mayKeepBytes, {})).toBe('before');
  });

  it('passes the bytes themselves to a borrowing handler', () => {
    expect(heldBy(mayKeepBytes, { borrowsBytes: true } satisfies Partial<BorrowingHandler>)).toBe('xxxxxx');
  });

  it('passes on everything else', () => {
    const called: string[] = [];
    const note = (name: string) => () => void called.push(name);
    const handler = mayKeepBytes({
      onRequestStart: note('start'),
      onRequestUpgrade: note('upgrade'),
      onResponseStart: note('headers'),
      onResponseEnd: note('end'),
      onResponseError: note('error'),
    });
    handler.onRequestStart?.(controller, {});
    handler.onRequestUpgrade?.(controller, 101, {}, {} as never);
    handler.onResponseStart?.(controller, 200, {});
    handler.onResponseEnd?.(controller, {});
    handler.onResponseError?.(controller, new Error('broken'));
    expect(called).toEqual(['start', 'upgrade', 'headers', 'end', 'error']);
  });
});
