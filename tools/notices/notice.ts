import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** A package as it is named in the notices. */
export interface Notice {
  readonly name: string;
  readonly version: string;
  /** SPDX expression. */
  readonly license: string;
  /** Its own text of the license and its notices. */
  readonly text: string;
}

/** Licenses that let a program be passed on with no more than their text. Anything else must be looked at by a person first. */
const PERMITTED: ReadonlySet<string> = new Set([
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'Unlicense',
]);

const LICENSE_FILES = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/** Reads package.json and the license files of a package. Throws when it must not be part of the program as it is. */
export async function noticeOf(folder: string): Promise<Notice> {
  const manifest = JSON.parse(await readFile(join(folder, 'package.json'), 'utf8')) as Record<
    string,
    unknown
  >;
  const { name, version, license } = manifest;
  if (typeof name !== 'string' || typeof version !== 'string' || typeof license !== 'string') {
    throw new Error(`${folder} does not say its name, version and license.`);
  }
  if (!isPermitted(license))
    throw new Error(`${name} has the license ${license}, which nobody has looked at yet.`);
  const files = (await readdir(folder)).filter((file) => LICENSE_FILES.test(file)).sort();
  const texts = await Promise.all(files.map((file) => readFile(join(folder, file), 'utf8')));
  const text = texts.map((each) => each.trim()).join('\n\n');
  return {
    name,
    version,
    license,
    text: text === '' ? `(The package names the license ${license} and has no text of it.)` : text,
  };
}

/** Of alternatives one will do, and is taken; of what holds together each must do. */
function isPermitted(license: string): boolean {
  const together = license.replace(/[()]/g, '').split(' AND ');
  return together.every((part) => part.split(' OR ').some((each) => PERMITTED.has(each)));
}

/** The file that goes with the program. */
export function noticesText(notices: readonly Notice[]): string {
  const sorted = [...notices].sort((a, b) => a.name.localeCompare(b.name));
  const line = '-'.repeat(80);
  const parts = sorted.map(
    ({ name, version, license, text }) => `${line}\n${name} ${version} (${license})\n\n${text}\n`,
  );
  const intro =
    'Haulyard contains the software listed below. The licenses of Electron and Chromium are in the files\n' +
    'LICENSE.electron.txt and LICENSES.chromium.html beside the program.\n';
  return [intro, ...parts].join('\n');
}
