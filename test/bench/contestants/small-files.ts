import { fileURLToPath } from 'node:url';
import { type Contestant, shell } from './contestant.ts';
import { haulyard } from './haulyard.ts';

/** What those need who take a list. */
export interface FileList {
  /** A file with the URLs of all files, one a line. */
  readonly urlFile: string;
  /** A file with the SHA-256 and the name of each file, as `openssl dgst -r` prints them, sorted. */
  readonly sumFile: string;
}

const CLIENT = fileURLToPath(new URL('./hub-snapshot.ts', import.meta.url));
/** Compares all files of the folder `$3` with the sums in `$2`. */
const CHECK = '(cd "$3" && openssl dgst -sha256 -r *.bin) | LC_ALL=C sort | cmp -s - "$2"';
const ARIA2_LIST = `while read -r url; do printf '%s\\n out=%s\\n' "$url" "\${url##*/}"; done < "$1" > list`;
const CURL_LIST = `while read -r url; do printf 'url = %s\\nremote-name\\n' "$url"; done < "$1" > list`;

/** The contestants for a repository of many small files: ours, and all others that accept a list. */
export function smallFilesContestants({ urlFile, sumFile }: FileList): readonly Contestant[] {
  const listed = (name: string, program: string, script: string): Contestant => ({
    name,
    verifies: true,
    needs: [program, 'openssl'],
    argv: ({ folder }) => shell(`${script} && ${CHECK}`, urlFile, sumFile, folder),
  });
  return [
    haulyard('auto'),
    haulyard('fast'),
    listed('curl -Z, openssl', 'curl', `${CURL_LIST} && (cd "$3" && curl -sSfLZ -K ../list)`),
    listed(
      'aria2c -j10, openssl',
      'aria2c',
      `${ARIA2_LIST} && aria2c -q --no-conf -j10 --file-allocation=none -d "$3" -i list`,
    ),
    listed('wget, openssl', 'wget', 'wget -q -P "$3" -i "$1"'),
    {
      name: '@huggingface/hub, openssl',
      verifies: true,
      needs: ['openssl'],
      argv: ({ hubUrl, repo, folder }) =>
        shell(
          `snapshot=$("$4" "$5" "$6" "$7" "$3") && set -- "$1" "$2" "$snapshot" && ${CHECK}`,
          ...[urlFile, sumFile, folder, process.execPath, CLIENT, hubUrl, repo],
        ),
    },
  ];
}
