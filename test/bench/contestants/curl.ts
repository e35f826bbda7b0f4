import { join } from 'node:path';
import { type Contestant, checkedByOpenssl, shell } from './contestant.ts';

const CHECK = checkedByOpenssl('"$2"', '"$3"');

/** `curl`, then `openssl`. On a bad line in a loop that resumes, as its own retries would start again from zero. */
export const CURL: Contestant = {
  name: 'curl, openssl',
  verifies: true,
  needs: ['curl', 'openssl'],
  argv({ url, folder, sha256, patient }) {
    const once = 'curl -sSfL -o "$2" "$1"';
    const loop = 'until curl -sfL -C - --speed-limit 1 --speed-time 30 -o "$2" "$1"; do :; done';
    return shell(`${patient ? loop : once} && ${CHECK}`, url, join(folder, 'file'), sha256);
  },
};
