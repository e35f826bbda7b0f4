import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

/**
 * `ipull`, then `openssl`. With the four streams that it opens by default: its command line (4.0.3) does not pass the
 * number on that it is given.
 */
export const IPULL: Contestant = {
  name: 'ipull, openssl',
  verifies: true,
  needs: ['ipull', 'openssl'],
  argv: ({ url, folder, sha256 }) =>
    shell(
      `ipull "$1" -s "$2" -st summary >/dev/null && ${checkedByOpenssl('"$2"/*', '"$3"')}`,
      url,
      folder,
      sha256,
    ),
};
