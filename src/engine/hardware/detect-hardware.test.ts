import { describe, expect, it } from 'vitest';
import { detectHardware } from './detect-hardware.ts';
import { type HardwareProbe, systemProbe } from './hardware-probe.ts';

const GIB = 2 ** 30;

/** A machine on which programs and files respond as given, and everything else fails. */
function machine(platform: string, answers: Readonly<Record<string, string>>): HardwareProbe {
  const answer = async (question: string): Promise<string> => {
    const found = answers[question];
    if (found === undefined) throw new Error(`no answer to ${question}`);
    return found;
  };
  return {
    platform,
    run: (file, args) => answer([file, ...args].join(' ')),
    readFile: answer,
    totalMemory: () => 32 * GIB,
    cpuModel: () => 'Generic CPU ',
  };
}

const sysctl = (values: Readonly<Record<string, string>>) =>
  Object.fromEntries(
    Object.entries(values).map(([key, value]) => [`/usr/sbin/sysctl -n ${key}`, `${value}\n`]),
  );

describe('detectHardware on macOS', () => {
  it('reads chip and memory', async () => {
    const probe = machine(
      'darwin',
      sysctl({
        'machdep.cpu.brand_string': 'Apple M3 Pro',
        'hw.memsize': String(18 * GIB),
        'iogpu.wired_limit_mb': '0',
        'sysctl.proc_translated': '0',
      }),
    );
    expect(await detectHardware(probe)).toEqual({
      chip: 'Apple M3 Pro',
      memoryBytes: 18 * GIB,
      budgetBytes: 13.5 * GIB,
      bandwidthGBps: 150,
      assumed: false,
      translated: false,
    });
  });

  it('takes the limit of GPU memory that was set by hand', async () => {
    const probe = machine(
      'darwin',
      sysctl({ 'hw.memsize': String(64 * GIB), 'iogpu.wired_limit_mb': '57344' }),
    );
    expect(await detectHardware(probe)).toMatchObject({ budgetBytes: 56 * GIB });
  });

  it('finds the real chip under Rosetta', async () => {
    const probe = machine('darwin', {
      ...sysctl({ 'machdep.cpu.brand_string': 'VirtualApple @ 2.50GHz', 'sysctl.proc_translated': '1' }),
      '/usr/bin/arch -arm64 /usr/sbin/sysctl -n machdep.cpu.brand_string': 'Apple M2\n',
    });
    expect(await detectHardware(probe)).toMatchObject({
      chip: 'Apple M2',
      bandwidthGBps: 100,
      translated: true,
    });
  });

  it('falls back to what Node knows when nothing answers', async () => {
    expect(await detectHardware(machine('darwin', {}))).toMatchObject({
      chip: 'Generic CPU',
      memoryBytes: 32 * GIB,
      bandwidthGBps: null,
      translated: false,
    });
  });

  it('does not believe an answer that is no number', async () => {
    const probe = machine('darwin', sysctl({ 'hw.memsize': 'lots', 'iogpu.wired_limit_mb': '-1' }));
    expect(await detectHardware(probe)).toMatchObject({ memoryBytes: 32 * GIB, budgetBytes: 24 * GIB });
  });
});

describe('detectHardware on Linux', () => {
  it('gives three quarters of the memory where there is no graphics card', async () => {
    expect(await detectHardware(machine('linux', {}))).toEqual({
      chip: 'Generic CPU',
      memoryBytes: 32 * GIB,
      budgetBytes: 24 * GIB,
      bandwidthGBps: null,
      assumed: false,
      translated: false,
    });
  });

  it('takes the largest AMD card', async () => {
    const probe = machine('linux', {
      '/sys/class/drm/card0/device/mem_info_vram_total': `${GIB / 2}\n`,
      '/sys/class/drm/card1/device/mem_info_vram_total': `${16 * GIB}\n`,
    });
    expect(await detectHardware(probe)).toMatchObject({ budgetBytes: 16 * GIB });
  });

  it('asks the tool of NVIDIA only while the driver is loaded', async () => {
    const smi = '/usr/bin/nvidia-smi --query-gpu=memory.total --format=csv,noheader,nounits';
    const without = machine('linux', { [smi]: '16384\n' });
    const loaded = machine('linux', {
      [smi]: '16384\n8192\n',
      '/proc/driver/nvidia/version': 'NVRM version',
    });
    expect(await detectHardware(without)).toMatchObject({ budgetBytes: 24 * GIB });
    expect((await detectHardware(loaded)).budgetBytes).toBe(16 * GIB);
  });
});

describe('detectHardware elsewhere', () => {
  it('asks nothing of a platform that it does not know', async () => {
    const probe = machine('win32', {});
    expect(await detectHardware({ ...probe, cpuModel: () => '' })).toMatchObject({
      chip: 'Unknown processor',
    });
  });
});

describe('systemProbe', () => {
  it('describes the machine that the tests run on', async () => {
    const { memoryBytes, budgetBytes, assumed } = await detectHardware(systemProbe());
    expect(memoryBytes).toBeGreaterThan(0);
    expect(budgetBytes).toBeGreaterThanOrEqual(0);
    expect(assumed).toBe(false);
  });

  it('runs a program without a shell', async () => {
    expect(await systemProbe().run(process.execPath, ['-p', '"$HOME"'])).toBe('$HOME\n');
  });

  it('ends a program when it is cancelled', async () => {
    const stop = new AbortController();
    const running = systemProbe(stop.signal).run(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    stop.abort();
    await expect(running).rejects.toMatchObject({ name: 'AbortError' });
  });
});
