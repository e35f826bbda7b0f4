import { describe, expect, it, vi } from 'vitest';
import { addDownloadSchema } from '../../shared/contract/commands.ts';
import { preferencesSchema } from '../../shared/contract/preferences.ts';
import { createOfferedPaths } from '../consent/offered-paths.ts';
import { createPageGuards } from './page-guards.ts';

function setUp(mayMove = true) {
  const offered = createOfferedPaths();
  const network = {
    requireTest: vi.fn(async () => undefined),
    requireEndpoint: vi.fn(async () => undefined),
    requireProxy: vi.fn(async () => undefined),
    requireSharing: vi.fn(async () => undefined),
    requirePeers: vi.fn(async () => undefined),
  };
  const guards = createPageGuards({
    offered,
    network,
    preferences: () => preferencesSchema.parse({ endpoint: 'https://in.use' }),
    mayMoveCache: async () => mayMove,
  });
  return { guards, offered, network };
}

const badRequest = { code: 'BadRequest' };
const adding = (from: Record<string, string>) => addDownloadSchema.parse({ reference: 'org/name', from });

describe('what the page may name', () => {
  it('are files to take over that the user handed over', async () => {
    const { guards, offered } = setUp();
    const adopt = () => guards['downloads.adopt']?.({ id: 'x', partial: '/etc/passwd' });
    await expect(adopt()).rejects.toMatchObject(badRequest);
    offered.offer('/etc/passwd');
    await expect(adopt()).resolves.toBeUndefined();
  });

  it.each(['downloads.add', 'downloads.plan'] as const)('are such files in %s as well', async (name) => {
    const { guards, offered } = setUp();
    await expect(guards[name]?.(adding({}))).resolves.toBeUndefined();
    await expect(guards[name]?.(adding({ weights: '/mine', more: '/yours' }))).rejects.toMatchObject(
      badRequest,
    );
    offered.offer('/mine');
    await expect(guards[name]?.(adding({ weights: '/mine', more: '/yours' }))).rejects.toMatchObject(
      badRequest,
    );
    offered.offer('/yours');
    await expect(guards[name]?.(adding({ weights: '/mine', more: '/yours' }))).resolves.toBeUndefined();
  });

  it('are folders to write to that the user handed over, and no other computers', async () => {
    const { guards, offered } = setUp();
    const into = () => guards['downloads.add']?.({ ...adding({}), localDir: '/home/me/.ssh' });
    const move = () => guards['library.relocate']?.({ reference: 'org/name', to: '/home/me/.ssh' });
    await expect(into()).rejects.toMatchObject(badRequest);
    await expect(move()).rejects.toMatchObject(badRequest);
    offered.offer('/home/me/.ssh');
    await expect(into()).resolves.toBeUndefined();
    await expect(move()).resolves.toBeUndefined();
    const peers = { ...adding({}), namedPeers: ['http://192.168.0.9:8900'] };
    await expect(guards['downloads.add']?.(peers)).rejects.toMatchObject(badRequest);
  });

  it('is a cache folder that was chosen just now, once', async () => {
    const { guards, offered } = setUp();
    const set = () => guards['preferences.set']?.({ cacheDir: '/models' });
    await expect(set()).rejects.toMatchObject(badRequest);
    offered.offer('/models');
    await expect(set()).resolves.toBeUndefined();
    await expect(set()).rejects.toMatchObject(badRequest);
  });

  it('is a folder for models made here that was chosen just now, or the usual one', async () => {
    const { guards, offered } = setUp();
    const set = (buildRoot: string | null) => guards['settings.set']?.({ buildRoot });
    await expect(set('/etc')).rejects.toMatchObject(badRequest);
    await expect(set(null)).resolves.toBeUndefined();
    await expect(guards['settings.set']?.({ atOnce: 3 })).resolves.toBeUndefined();
    offered.offer('/models');
    await expect(set('/models')).resolves.toBeUndefined();
    await expect(set('/models')).rejects.toMatchObject(badRequest);
  });

  it.each(['build.start', 'build.plan'] as const)('is no folder of its own in %s', async (name) => {
    const { guards } = setUp();
    const wish = { reference: 'moshi', variant: 'q4', rule: 'metal', force: false } as const;
    await expect(guards[name]?.({ ...wish, output: '/etc' })).rejects.toMatchObject(badRequest);
    await expect(guards[name]?.(wish)).resolves.toBeUndefined();
  });

  it('is no cache folder while downloads are unfinished and the user would rather not', async () => {
    const { guards, offered } = setUp(false);
    offered.offer('/models');
    await expect(guards['preferences.set']?.({ cacheDir: '/models' })).rejects.toMatchObject({
      code: 'Cancelled',
    });
  });
});

describe('what the page may change', () => {
  it('is the address and the proxy with consent, and the rest freely', async () => {
    const { guards, network } = setUp();
    await guards['preferences.set']?.({ notifications: false, keepAwake: true, endpoint: null, proxy: null });
    expect(network.requireEndpoint).not.toHaveBeenCalled();
    await guards['preferences.set']?.({ endpoint: 'https://other', proxy: 'http://proxy' });
    expect(network.requireEndpoint).toHaveBeenCalledWith('https://other');
    expect(network.requireProxy).toHaveBeenCalledWith('http://proxy');
  });

  it('is nothing that needs consent when it stays as it is', async () => {
    const { guards, network } = setUp();
    await guards['preferences.set']?.({ endpoint: 'https://in.use' });
    expect(network.requireEndpoint).not.toHaveBeenCalled();
  });
});

describe('sharing with the network', () => {
  it('is turned on by the page only with an answer, and turned off without one', async () => {
    const { guards, network } = setUp();
    await guards['settings.set']?.({ sharing: false, usePeers: false });
    expect([network.requireSharing, network.requirePeers].map(({ mock }) => mock.calls.length)).toEqual([
      0, 0,
    ]);
    await guards['settings.set']?.({ sharing: true, usePeers: true });
    expect([network.requireSharing, network.requirePeers].map(({ mock }) => mock.calls.length)).toEqual([
      1, 1,
    ]);
    network.requireSharing.mockRejectedValueOnce(new Error('Nothing was changed.'));
    await expect(guards['settings.set']?.({ sharing: true })).rejects.toThrow('Nothing was changed.');
  });
});
