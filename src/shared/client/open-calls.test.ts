import { describe, expect, it } from 'vitest';
import type { ClientRequest } from '../contract/envelope.ts';
import { AppError } from '../contract/errors.ts';
import { createOpenCalls } from './open-calls.ts';

const GONE = new AppError('EngineUnavailable', 'gone').toData();

function setUp() {
  const sent: ClientRequest[] = [];
  return { sent, calls: createOpenCalls((request) => sent.push(request)) };
}

describe('createOpenCalls', () => {
  it('gives each answer to its call, in whatever order they come', async () => {
    const { sent, calls } = setUp();
    const first = calls.call('snapshot', {});
    const second = calls.call('settings.get', {});
    expect(sent.map((request) => request.type === 'call' && [request.id, request.name])).toEqual([
      [1, 'snapshot'],
      [2, 'settings.get'],
    ]);
    calls.answer({ type: 'answer', id: 2, outcome: { ok: true, value: 'two' } });
    calls.answer({ type: 'answer', id: 1, outcome: { ok: true, value: 'one' } });
    expect(await Promise.all([first, second])).toEqual([
      { ok: true, value: 'one' },
      { ok: true, value: 'two' },
    ]);
  });

  it('tells the engine of a cancelled call once, and takes its answer', async () => {
    const { sent, calls } = setUp();
    const abort = new AbortController();
    const call = calls.call('library.verify', {}, abort.signal);
    abort.abort();
    expect(sent.at(-1)).toEqual({ type: 'cancel', id: 1 });
    calls.answer({ type: 'answer', id: 1, outcome: { ok: false, error: GONE } });
    expect(await call).toEqual({ ok: false, error: GONE });
    expect(sent).toHaveLength(2);
  });

  it('sends nothing for a call that was cancelled before', async () => {
    const { sent, calls } = setUp();
    expect(await calls.call('snapshot', {}, AbortSignal.abort())).toMatchObject({
      ok: false,
      error: { code: 'Cancelled' },
    });
    expect(sent).toEqual([]);
  });

  it('says nothing of a signal that is aborted after the answer', async () => {
    const { sent, calls } = setUp();
    const abort = new AbortController();
    const call = calls.call('snapshot', {}, abort.signal);
    calls.answer({ type: 'answer', id: 1, outcome: { ok: true, value: 1 } });
    await call;
    abort.abort();
    expect(sent).toHaveLength(1);
  });

  it('answers open calls, and those to come, when the channel is gone', async () => {
    const { calls } = setUp();
    const open = calls.call('snapshot', {});
    calls.end(GONE);
    expect(await open).toEqual({ ok: false, error: GONE });
    expect(await calls.call('snapshot', {})).toEqual({ ok: false, error: GONE });
  });
});
