import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pageFile } from './page-file.ts';

const FOLDER = '/app/out/renderer';

describe('pageFile', () => {
  it.each([
    ['app://haulyard/', 'index.html', 'text/html; charset=utf-8'],
    ['app://haulyard/index.html?theme=dark#top', 'index.html', 'text/html; charset=utf-8'],
    ['app://haulyard/assets/index-B3x_9-.js', 'assets/index-B3x_9-.js', 'text/javascript; charset=utf-8'],
    ['app://haulyard/assets/index.css', 'assets/index.css', 'text/css; charset=utf-8'],
  ])('finds the file of %s', (address, path, mimeType) => {
    expect(pageFile(address, FOLDER)).toEqual({ path: join(FOLDER, path), mimeType });
  });

  it.each([
    'app://haulyard/../main/index.cjs',
    'app://haulyard/assets/../../main/index.html',
    'app://haulyard/%2e%2e/main/index.html',
    'app://haulyard/..%2fmain/index.html',
    'app://haulyard/assets\\..\\index.html',
    'app://haulyard//etc/index.html',
    'app://haulyard/C:/index.html',
    'app://haulyard/.hidden/index.html',
    'app://haulyard/index.html%00.png',
    'app://haulyard/index..html',
    'app://haulyard/assets/',
    'app://haulyard/index.cjs',
    'app://haulyard/secret',
    'app://other/index.html',
    'app://haulyard.evil/index.html',
    'file:///etc/passwd.html',
    'https://haulyard/index.html',
  ])('serves nothing for %s', (address) => {
    expect(pageFile(address, FOLDER)).toBeNull();
  });
});
