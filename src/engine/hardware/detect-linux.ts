import type { HardwareProbe } from './hardware-probe.ts';

type Ask = Pick<HardwareProbe, 'run' | 'readFile'>;

/** Cards that are checked. Few computers have more, and absent files cost nothing. */
const CARDS = Array.from({ length: 8 }, (_, index) => index);

/** The kernel's amdgpu driver reports the memory of its cards in bytes. */
const amdPath = (card: number): string => `/sys/class/drm/card${card}/device/mem_info_vram_total`;

/** Exists while NVIDIA's driver is loaded; only then is its tool worth running. */
const NVIDIA_DRIVER = '/proc/driver/nvidia/version';
const NVIDIA_SMI = '/usr/bin/nvidia-smi';

const numbers = (text: string): number[] => (text.match(/\d{1,15}/g) ?? []).map(Number);

async function amdBytes({ readFile }: Ask): Promise<number[]> {
  const texts = await Promise.all(CARDS.map((card) => readFile(amdPath(card)).catch(() => '')));
  return texts.flatMap((text) => numbers(text).slice(0, 1));
}

async function nvidiaBytes({ run, readFile }: Ask): Promise<number[]> {
  const loaded = await readFile(NVIDIA_DRIVER).catch(() => '');
  if (loaded === '') return [];
  const args = ['--query-gpu=memory.total', '--format=csv,noheader,nounits'];
  const mebibytes = await run(NVIDIA_SMI, args).catch(() => '');
  return numbers(mebibytes).map((value) => value * 2 ** 20);
}

/** Returns the memory of the largest graphics card in bytes, or undefined when none can be read. */
export async function linuxVideoMemoryBytes(probe: Ask): Promise<number | undefined> {
  const found = (await Promise.all([amdBytes(probe), nvidiaBytes(probe)]))
    .flat()
    .filter((bytes) => bytes > 0);
  return found.length > 0 ? Math.max(...found) : undefined;
}
