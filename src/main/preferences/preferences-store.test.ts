import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openPreferences } from './preferences-store.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const folder = () => mkdtemp(join(tmpdir(), 'haulyard-preferences-'));

describe('openPreferences', () => {
  it('has defaults at first, and reports saved changes', async () => {
    const path = join(await folder(), 'settings.json');
    const store = await openPreferences(path, log);
    const seen = vi.fn();
    store.onChange(seen);
    const changed = await store.change({ keepAwake: false });
    expect(changed).toMatchObject({ keepAwake: false, menuBarIcon: true, cacheDir: null });
    expect(seen).toHaveBeenCalledWith(changed);
    expect((await openPreferences(path, log)).current()).toEqual(changed);
  });

  it('loses none of two changes at the same time', async () => {
    const path = join(await folder(), 'settings.json');
    const store = await openPreferences(path, log);
    await Promise.all([store.change({ keepAwake: false }), store.change({ notifications: false })]);
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({
      keepAwake: false,
      notifications: false,
    });
  });

  it('refuses a cache folder that is not a full path', async () => {
    const store = await openPreferences(join(await folder(), 'settings.json'), log);
    await expect(store.change({ cacheDir: 'models' })).rejects.toMatchObject({ code: 'BadRequest' });
    expect(store.current().cacheDir).toBeNull();
  });

  it('changes nothing when it cannot be saved', async () => {
    const place = join(await folder(), 'data');
    const store = await openPreferences(join(place, 'settings.json'), log);
    await rm(place, { recursive: true, force: true });
    await writeFile(place, 'a file where the folder should be');
    await expect(store.change({ keepAwake: false })).rejects.toMatchObject({ code: 'DiskPermission' });
    expect(store.current().keepAwake).toBe(true);
  });
});
