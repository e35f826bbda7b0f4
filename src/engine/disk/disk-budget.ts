import { stat } from 'node:fs/promises';
import { requireRoom } from './disk-guard.ts';

/** Room on a volume that a download still needs. */
interface Claim {
  readonly volume: Promise<number>;
  /** Asked whenever somebody else wants room: bytes that are on disk by then need none. */
  readonly remainingBytes: () => number;
}

/**
 * Shares the free space of volumes between downloads. Looking at the free space alone, two downloads that each fit would
 * begin together, fill the disk, and both wait for ever; here the later one waits before it writes.
 */
export class DiskBudget {
  /** In the order in which room was asked for. */
  readonly #claims = new Map<string, Claim>();

  /**
   * Claims room below `folder`, which exists, for the download `id`. Throws `DiskFull` where that does not fit beside what
   * was claimed earlier and the reserve; then nothing is claimed. Returns the function that gives the claim back.
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

  /** Throws `DiskFull` unless so many bytes fit below `folder` beside what was claimed before `id`, or by all others. */
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

/** A number that two folders of one volume have in common. NaN, which equals nothing, when the folder is not there. */
async function volumeOf(folder: string): Promise<number> {
  return (await stat(folder).catch(() => null))?.dev ?? Number.NaN;
}
