/** Share of the memory that macOS lets the GPU use by default on computers with more than 36 GB, assumed for all. */
const SHARE = 0.75;

/** On computers with less than this, the system itself needs a larger part. 16 × 10^9, so that 16 GiB is not below. */
const SMALL_MACHINE_BYTES = 16e9;
const SMALL_MACHINE_RESERVE_BYTES = 2e9;

/**
 * Video memory that counts as a discrete graphics card. Less than that is the carve-out of an integrated GPU, which
 * shares the main memory anyway.
 */
const LEAST_VIDEO_MEMORY_BYTES = 4e9;

/** What may be known about the memory that a GPU can use. */
export interface GpuMemory {
  /** Limit set on this Mac (`iogpu.wired_limit_mb`), in bytes. */
  readonly wiredLimitBytes?: number;
  /** Memory of the largest graphics card, in bytes. */
  readonly videoMemoryBytes?: number;
}

/**
 * Returns the memory that a model may use, in bytes: what was read from the machine, else three quarters of its memory,
 * less 2 GB on machines under 16 GB.
 */
export function budgetBytes(memoryBytes: number, gpu: GpuMemory = {}): number {
  if (gpu.wiredLimitBytes !== undefined && gpu.wiredLimitBytes > 0) {
    return Math.min(gpu.wiredLimitBytes, memoryBytes);
  }
  if (gpu.videoMemoryBytes !== undefined && gpu.videoMemoryBytes >= LEAST_VIDEO_MEMORY_BYTES) {
    return gpu.videoMemoryBytes;
  }
  const reserve = memoryBytes < SMALL_MACHINE_BYTES ? SMALL_MACHINE_RESERVE_BYTES : 0;
  return Math.max(0, Math.floor(memoryBytes * SHARE - reserve));
}
