import { formatBytes } from '../../shared/format/bytes.ts';
import type { SharedFiles } from './shared-files.ts';

/** The page for a person who opens the URL in a browser: plain text, so that no name in it can be markup. */
export function sharingPage({ repositories, bytes }: SharedFiles, version: string): string {
  const models = [...repositories].map(([repo, { commits }]) => {
    const files = [...commits.values()].reduce((sum, commit) => sum + commit.files.size, 0);
    return `  ${repo}  ${files === 1 ? '1 file' : `${files} files`}`;
  });
  return [
    `Haulyard ${version} shares ${models.length === 1 ? '1 model' : `${models.length} models`}, ${formatBytes(bytes)}.`,
    '',
    ...models,
    '',
    'Hugging Face tools download from here when this address is their endpoint.',
    '',
  ].join('\n');
}
