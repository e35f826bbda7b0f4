import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

/** `ipull` with ten connections, then `openssl`. */
export const IPULL: Contestant = {
  name: 'ipull, openssl',
  verifies: true,
  needs: ['ipull', 'openssl'],
  argv: ({ url, folder, sha256 }) =>
    shell(
      `ipull "$1" -s "$2/file" -c 10 -st summary >/dev/null && ${checkedByOpenssl('"$2/file"', '"$3"')}`,
      url,
      folder,
      sha256,
    ),
};
