import { describe, expect, it, vi } from 'vitest';
import { AppError } from '../../shared/contract/errors.ts';
import { type AppHandlers, createCommandDispatcher, createGate } from './gate.ts';

const mainFrame = { url: 'app://haulyard/index.html' };
const trusted = { sender: { id: 1, mainFrame }, senderFrame: mainFrame };
const stranger = { sender: { id: 2, mainFrame }, senderFrame: mainFrame };

function setUp(handlers: Partial<AppHandlers> = {}) {
  const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
  const callEngine = vi.fn(async () => ({ ok: true as const, value: 'from the engine' }));
  const dispatch = createCommandDispatcher({ callEngine, handlers: handlers as AppHandlers, log });
  const gate = createGate({ page: { contentsId: () => 1, origins: ['app://haulyard'] }, dispatch, log });
  return { gate, callEngine, log };
}

const badRequest = { ok: false, error: expect.objectContaining({ code: 'BadRequest' }) };

describe('createGate', () => {
  it('passes commands of the engine on with parsed arguments', async () => {
    const { gate, callEngine } = setUp();
    const outcome = await gate(trusted, 'downloads.cancel', { id: 'a', unknown: 1 });
    expect(outcome).toEqual({ ok: true, value: 'from the engine' });
    expect(callEngine).toHaveBeenCalledWith('downloads.cancel', { id: 'a', keepPartial: false });
  });

  it('answers commands of main itself', async () => {
    const { gate, callEngine } = setUp({ 'token.status': async () => ({ present: false, kept: null }) });
    expect(await gate(trusted, 'token.status', {})).toEqual({
      ok: true,
      value: { present: false, kept: null },
    });
    expect(callEngine).not.toHaveBeenCalled();
  });

  it('refuses strangers before looking at anything', async () => {
    const { gate, callEngine } = setUp();
    expect(await gate(stranger, 'snapshot', {})).toEqual(badRequest);
    expect(callEngine).not.toHaveBeenCalled();
  });

  it.each([
    'no.such.command',
    'constructor',
    '__proto__',
    'toString',
    'hasOwnProperty',
    '',
    7,
    null,
    undefined,
    ['snapshot'],
    { toString: () => 'snapshot' },
  ])('refuses the name %j', async (name) => {
    const { gate, callEngine } = setUp();
    expect(await gate(trusted, name, {})).toEqual(badRequest);
    expect(callEngine).not.toHaveBeenCalled();
  });

  it('keeps the command that takes a token to main', async () => {
    const { gate, callEngine } = setUp();
    expect(await gate(trusted, 'token.set', { token: 'hf_x' })).toEqual(badRequest);
    expect(callEngine).not.toHaveBeenCalled();
  });

  it.each([
    ['nothing', undefined],
    ['a text', 'a'],
    ['a number as id', { id: 7 }],
    ['an id that is too long', { id: 'x'.repeat(65) }],
  ])('refuses %s as argument, in a sentence that repeats no value', async (_what, args) => {
    const { gate, callEngine } = setUp();
    const outcome = await gate(trusted, 'downloads.pause', args);
    expect(outcome).toEqual(badRequest);
    expect(callEngine).not.toHaveBeenCalled();
  });

  it('rejects what is too large without parsing it', async () => {
    const { gate } = setUp();
    const outcome = await gate(trusted, 'snapshot', { ignored: 'x'.repeat(3_000_000) });
    expect(outcome).toMatchObject({ error: { message: 'What was sent is too large.' } });
    expect(await gate(trusted, 'x'.repeat(3_000_000), {})).toEqual(badRequest);
  });

  it('returns a handler’s refusal', async () => {
    const { gate } = setUp({
      'shell.open': async () => {
        throw new AppError('BadRequest', 'Not this page.');
      },
    });
    const outcome = await gate(trusted, 'shell.open', { url: 'https://evil.example' });
    expect(outcome).toMatchObject({ error: { message: 'Not this page.' } });
  });

  it('reveals nothing about a bug except that there was one', async () => {
    const { gate, log } = setUp({
      'app.info': async () => {
        throw new TypeError('secret path /home/me');
      },
    });
    const outcome = await gate(trusted, 'app.info', {});
    expect(outcome).toMatchObject({ ok: false, error: { code: 'Internal' } });
    expect(JSON.stringify(outcome)).not.toContain('secret');
    expect(log.error).toHaveBeenCalledWith(expect.stringContaining('secret path'));
  });
});
