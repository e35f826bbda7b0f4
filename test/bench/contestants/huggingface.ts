import { fileURLToPath } from 'node:url';
import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

const CLIENT = fileURLToPath(new URL('./hub-client.ts', import.meta.url));
const DOWNLOAD = 'file=$("$1" "$2" "$3" "$4" "$5" "$6")';

/** The official JavaScript client, which checks nothing, then `openssl`. */
export const HUGGINGFACE: Contestant = {
  name: '@huggingface/hub, openssl',
  verifies: true,
  needs: ['openssl'],
  argv: ({ hubUrl, repo, path, folder, sha256 }) =>
    shell(
      `${DOWNLOAD} && ${checkedByOpenssl('"$file"', '"$7"')}`,
      process.execPath,
      CLIENT,
      hubUrl,
      repo,
      path,
      folder,
      sha256,
    ),
};
