import type { Contestant, Target } from './contestant.ts';

const SMALLEST_PIECE_BYTES = 1 << 20;

/** `aria2c` with ten connections. Without the checksum it verifies nothing. */
export const ARIA2_UNCHECKED: Contestant = {
  name: 'aria2c',
  verifies: false,
  needs: ['aria2c'],
  argv: (target) => argv(target, []),
};

/** `aria2c` with ten connections and the SHA-256, which it checks after the download. */
export const ARIA2: Contestant = {
  name: 'aria2c --checksum',
  verifies: true,
  needs: ['aria2c'],
  argv: (target) => argv(target, [`--checksum=sha-256=${target.sha256}`]),
};

function argv({ url, folder, pieceBytes, patient }: Target, more: readonly string[]): readonly string[] {
  const pieces = pieceBytes === null ? '50M' : String(Math.max(SMALLEST_PIECE_BYTES, pieceBytes));
  const patience = patient ? ['--max-tries=0', '--retry-wait=0', '--timeout=30'] : [];
  const fixed = ['-q', '--no-conf', '-x10', '-s10', `-k${pieces}`, '--file-allocation=none'];
  return ['aria2c', ...fixed, ...patience, ...more, '-d', folder, '-o', 'file', url];
}
