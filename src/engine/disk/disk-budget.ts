import { stat } from 'node:fs/promises';
import { requireRoom } from './disk-guard.ts';

/** Space on a volume that a download still needs. */
interface Claim {
  readonly volume: Promise<number>;
  /** Called whenever another download needs space: bytes on disk by then need none. */
  readonly remainingBytes: () => number;
}

/**
 * Shares the free space of volumes between downloads. By free space alone, two downloads that each fit would begin
 * together, fill the disk, and both wait forever; with the budget, the later one waits before it writes.
 */
export class DiskBudget {
  /** In the order of the claims. */
  readonly #claims = new Map<string, Claim>();

  /**
   * Claims space below `folder`, which exists, for the download `id`. Throws `DiskFull` when it does not fit in
   * addition to earlier claims and the reserve; then nothing is claimed. Returns a function that releases the claim.
   */
  async claim(id: string, folder: string, remainingBytes: () => number): Promise<() => void> {
    const claim = { volume: volumeOf(folder), remainingBytes };
    this.#claims.set(id, claim);
    const giveBack = () => {
      if (this.#claims.get(id) === claim) this.#claims.delete(id);
    };
    try {
      await this.requireRoom(id, folder, remainingBytes());
      return giveBack;
    } catch (error) {
      giveBack();
      throw error;
    }
  }

  /**
   * Throws `DiskFull` unless that many bytes fit below `folder` in addition to what was claimed before `id`, or by all
   * others.
   */
  async requireRoom(id: string, folder: string, remainingBytes: number): Promise<void> {
    if (remainingBytes <= 0) return;
    const volume = await volumeOf(folder);
    let claimedBytes = 0;
    for (const [other, claim] of [...this.#claims]) {
      if (other === id) break;
      if ((await claim.volume) === volume) claimedBytes += Math.max(0, claim.remainingBytes());
    }
    await requireRoom(folder, remainingBytes, claimedBytes);
  }
}

/**
 * Returns a number that identifies the volume of a folder. NaN, which equals nothing, when the folder does not exist.
 */
async function volumeOf(folder: string): Promise<number> {
  return (await stat(folder).catch(() => null))?.dev ?? Number.NaN;
}
