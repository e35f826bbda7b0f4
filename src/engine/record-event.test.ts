import { describe, expect, it, vi } from 'vitest';
import type { EngineEvent } from '../shared/contract/events.ts';
import type { Ledger } from './ledger/ledger.ts';
import { recordEvent } from './record-event.ts';

const FILES = Array.from({ length: 50_000 }, (_, index) => ({ path: `part-${index}`, size: 1 }));
const event = (name: string) => ({ event: name, download: 'd', files: FILES }) as unknown as EngineEvent;

describe('recordEvent', () => {
  it.each(['resolved', 'done'])(
    'keeps %s without its list of files, which the ledger has already',
    (name) => {
      const add = vi.fn();
      recordEvent({ events: { add } } as unknown as Ledger, event(name), vi.fn());
      expect(JSON.stringify(add.mock.calls).length).toBeLessThan(200);
      expect(add).toHaveBeenCalledWith(expect.objectContaining({ event: name, files: [] }));
    },
  );

  it('stores nothing that is only true for a moment', () => {
    const add = vi.fn();
    for (const name of ['progress', 'verifying'])
      recordEvent({ events: { add } } as unknown as Ledger, event(name), vi.fn());
    expect(add).not.toHaveBeenCalled();
  });

  it('does not let a ledger that cannot be written end a download', () => {
    const add = vi.fn(() => {
      throw new Error('disk full');
    });
    const log = vi.fn();
    recordEvent({ events: { add } } as unknown as Ledger, event('done'), log);
    expect(log).toHaveBeenCalledWith('warn', expect.stringContaining('could not be kept'));
  });
});
