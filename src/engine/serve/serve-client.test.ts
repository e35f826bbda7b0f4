import { describe, expect, it } from 'vitest';
import type { ClientMessage } from '../../shared/contract/envelope.ts';
import { AppError } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import { type Served, serveClient } from './serve-client.ts';

const LISTED: EngineEvent = { event: 'listed', download: '', seq: 1, time: '' };

/** An engine whose calls end when they are canceled, and a client of it. */
function setUp() {
  const sent: ClientMessage[] = [];
  const listeners = new Set<(event: EngineEvent) => void>();
  const served: Served = {
    call: (name, _args, { signal } = {}) =>
      new Promise((resolve, reject) => {
        if (name === 'snapshot') resolve('state' as never);
        if (name === 'settings.get') reject(new AppError('NotFound', 'none'));
        signal?.addEventListener('abort', () => reject(signal.reason));
      }),
    on: (listener) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
  };
  const client = serveClient(served, (message) => sent.push(message));
  const emit = () => {
    for (const listener of listeners) listener(LISTED);
  };
  const settle = () => new Promise((resolve) => setImmediate(resolve));
  return { client, sent, emit, settle, listeners };
}

describe('serveClient', () => {
  it('answers calls, also those that fail', async () => {
    const { client, sent, settle } = setUp();
    client.receive({ type: 'call', id: 1, name: 'snapshot', args: {} });
    client.receive({ type: 'call', id: 2, name: 'settings.get', args: {} });
    await settle();
    expect(sent).toEqual([
      { type: 'answer', id: 1, outcome: { ok: true, value: 'state' } },
      { type: 'answer', id: 2, outcome: { ok: false, error: expect.objectContaining({ code: 'NotFound' }) } },
    ]);
  });

  it('stops what is cancelled, and answers it', async () => {
    const { client, sent, settle } = setUp();
    client.receive({ type: 'call', id: 7, name: 'library.verify', args: {} });
    client.receive({ type: 'cancel', id: 7 });
    client.receive({ type: 'cancel', id: 8 });
    await settle();
    expect(sent).toMatchObject([
      { type: 'answer', id: 7, outcome: { ok: false, error: { code: 'Cancelled' } } },
    ]);
  });

  it('sends events only while they are subscribed to, each once', () => {
    const { client, sent, emit } = setUp();
    emit();
    client.receive({ type: 'subscribe' });
    client.receive({ type: 'subscribe' });
    emit();
    client.receive({ type: 'unsubscribe' });
    emit();
    expect(sent).toEqual([{ type: 'event', event: LISTED }]);
  });

  it('stops the running calls, and sends nothing, when the client is gone', async () => {
    const { client, sent, emit, settle, listeners } = setUp();
    client.receive({ type: 'subscribe' });
    client.receive({ type: 'call', id: 1, name: 'library.verify', args: {} });
    client.close();
    emit();
    await settle();
    expect([sent, listeners.size]).toEqual([[], 0]);
  });

  it('refuses more calls at the same time than any client needs, and a second one of the same id', async () => {
    const { client, sent, settle } = setUp();
    for (let id = 1; id <= 65; id += 1)
      client.receive({ type: 'call', id, name: 'library.verify', args: {} });
    client.receive({ type: 'call', id: 1, name: 'snapshot', args: {} });
    await settle();
    const refused = { ok: false, error: { code: 'BadRequest' } };
    expect(sent).toMatchObject([
      { id: 65, outcome: refused },
      { id: 1, outcome: refused },
    ]);
  });
});
