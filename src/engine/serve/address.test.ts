import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type AddressSource, makePrivateFolder, ownerFilePlaces, socketPlaces } from './address.ts';

const source = (over: Partial<AddressSource> = {}): AddressSource => ({
  dataDir: '/home/me/.local/share/haulyard',
  platform: 'linux',
  temporaryFolder: '/tmp',
  user: '501',
  ...over,
});
const paths = (of: AddressSource) => socketPlaces(of).map(({ path }) => path);

describe('where an owner listens', () => {
  it('is the data folder, or a folder of the user below the temporary one', () => {
    expect(paths(source())).toEqual([
      '/home/me/.local/share/haulyard/engine.sock',
      expect.stringMatching(/^\/tmp\/haulyard-501\/[0-9a-f]{16}\.sock$/),
    ]);
  });

  it('is not a path of more than 100 bytes, which systems cut off', () => {
    const long = source({ dataDir: `/home/${'ü'.repeat(45)}`, temporaryFolder: `/var/${'t'.repeat(80)}` });
    expect(paths(long)).toEqual([expect.stringMatching(/^\/tmp\/haulyard-501\//)]);
    for (const path of paths(source({ dataDir: `/${'x'.repeat(87)}` })))
      expect(Buffer.byteLength(path)).toBeLessThanOrEqual(100);
  });

  it('fits in the long temporary folder of a Mac', () => {
    const temporaryFolder = '/var/folders/zz/zyxvpxvq6csfxvn_n0000000000000/T';
    const dataDir = `/Users/${'n'.repeat(90)}`;
    expect(paths(source({ platform: 'darwin', temporaryFolder, dataDir }))[0]).toMatch(/\/T\/haulyard-501\//);
  });

  it('is a pipe on Windows, one for each data folder', () => {
    const pipe = (dataDir: string) => paths(source({ platform: 'win32', dataDir }));
    expect(pipe('C:\\Users\\me\\AppData\\Roaming\\Haulyard')).toEqual([
      expect.stringMatching(/^\\\\\.\\pipe\\haulyard-[0-9a-f]{32}$/),
    ]);
    expect(pipe('C:\\a')).not.toEqual(pipe('C:\\b'));
  });

  it('is the data folder first', () => {
    expect(ownerFilePlaces(source()).map(({ path }) => path)).toEqual([
      '/home/me/.local/share/haulyard/engine.json',
      expect.stringMatching(/^\/tmp\/haulyard-501\/[0-9a-f]{16}\.json$/),
    ]);
  });
});

describe('makePrivateFolder', () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'haulyard-address-'));
  });
  afterEach(() => rm(root, { recursive: true, force: true }));

  it('makes a folder for this user alone, and takes it again', async () => {
    const folder = join(root, 'own');
    await makePrivateFolder(folder);
    await makePrivateFolder(folder);
    expect((await stat(folder)).mode & 0o777).toBe(0o700);
  });

  it('rejects one that others may enter, and a link', async () => {
    await mkdir(join(root, 'open'), { mode: 0o755 });
    await symlink(root, join(root, 'link'));
    await expect(makePrivateFolder(join(root, 'open'))).rejects.toThrow('of this user alone');
    await expect(makePrivateFolder(join(root, 'link'))).rejects.toThrow('of this user alone');
  });
});
