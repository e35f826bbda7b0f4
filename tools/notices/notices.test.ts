import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { packageFolder } from './bundled-packages.ts';
import { noticeOf, noticesText } from './notice.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'haulyard-notices-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const makePackage = (manifest: object) => writeFile(join(folder, 'package.json'), JSON.stringify(manifest));

describe('the package of a module', () => {
  it.each([
    ['/p/node_modules/undici/lib/api.js', ['/p/node_modules/undici']],
    ['/p/node_modules/@base-ui/react/esm/a.js', ['/p/node_modules/@base-ui/react']],
    ['/p/node_modules/a/node_modules/b/index.js?query', ['/p/node_modules/a/node_modules/b']],
    ['\0/p/node_modules/a/index.js', ['/p/node_modules/a']],
    ['C:\\p\\node_modules\\a\\index.js', ['C:/p/node_modules/a']],
    ['/p/src/main/index.ts', []],
  ])('of %s is %j', (module, expected) => {
    expect(packageFolder(module)).toEqual(expected);
  });
});

describe('the notice of a package', () => {
  it('has its license and its notices as they are', async () => {
    await makePackage({ name: 'a', version: '1.0.0', license: 'Apache-2.0' });
    await writeFile(join(folder, 'LICENSE.md'), 'The license.\n');
    await writeFile(join(folder, 'NOTICE'), 'Made by somebody.\n');
    const notice = await noticeOf(folder);
    expect(notice.text).toBe('The license.\n\nMade by somebody.');
    expect(noticesText([notice])).toContain('a 1.0.0 (Apache-2.0)\n\nThe license.');
  });

  it.each(['(MPL-2.0 OR Apache-2.0)', 'MIT AND ISC'])('is made for %s', async (license) => {
    await makePackage({ name: 'a', version: '1.0.0', license });
    expect((await noticeOf(folder)).license).toBe(license);
  });

  it.each(['GPL-3.0', 'MIT AND SSPL-1.0', 'SSPL-1.0 OR GPL-3.0', 'UNLICENSED'])(
    'is refused for %s',
    async (license) => {
      await makePackage({ name: 'a', version: '1.0.0', license });
      await expect(noticeOf(folder)).rejects.toThrow(/nobody has looked at/);
    },
  );

  it('is refused for a package without a license', async () => {
    await makePackage({ name: 'a', version: '1.0.0' });
    await expect(noticeOf(folder)).rejects.toThrow(/does not say/);
  });
});
