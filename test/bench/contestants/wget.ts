import { join } from 'node:path';
import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

const CHECK = checkedByOpenssl('"$2"', '"$3"');

/** `wget`, then `openssl`. On a bad line with endless tries without a pause. */
export const WGET: Contestant = {
  name: 'wget, openssl',
  verifies: true,
  needs: ['wget', 'openssl'],
  argv({ url, folder, sha256, patient }) {
    const options = patient ? '-c --tries=0 --waitretry=0 --timeout=30 --retry-connrefused' : '';
    return shell(`wget -q ${options} -O "$2" "$1" && ${CHECK}`, url, join(folder, 'file'), sha256);
  },
};
