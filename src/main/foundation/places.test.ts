import { describe, expect, it } from 'vitest';
import { placesOf } from './places.ts';

const source = { env: {}, platform: 'linux', homedir: '/home/me', appPath: '/src/haulyard' } as const;

describe('placesOf', () => {
  it('keeps what belongs to Chromium in a folder of its own', () => {
    const { dataDir, profileDir, preferencesFile } = placesOf(source);
    expect(dataDir).toBe('/home/me/.local/share/haulyard');
    expect(profileDir).toBe('/home/me/.local/share/haulyard/electron');
    expect(preferencesFile).toBe('/home/me/.local/share/haulyard/settings.json');
  });

  it('finds the engine outside of the archive of a packaged app, and the page inside', () => {
    const places = placesOf({ ...source, appPath: '/opt/Haulyard/resources/app.asar' });
    expect(places.engineEntry).toBe('/opt/Haulyard/resources/app.asar.unpacked/out/engine/entry.js');
    expect(places.catalogFile).toBe('/opt/Haulyard/resources/app.asar.unpacked/resources/catalog.json');
    expect(places.pageFolder).toBe('/opt/Haulyard/resources/app.asar/out/renderer');
  });

  it('takes another catalog from the environment', () => {
    const { catalogFile } = placesOf({ ...source, env: { HAULYARD_CATALOG: '/my/catalog.json' } });
    expect(catalogFile).toBe('/my/catalog.json');
  });
});
