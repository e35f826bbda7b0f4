import { readFileSync } from 'node:fs';

/** The signals that ask this program to stop. */
export const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
export type StopSignal = (typeof STOP_SIGNALS)[number];

/** The variable in which the launcher lines of the program report the signals they found ignored: `HUP INT`. */
export const IGNORED_VARIABLE = 'HAULYARD_IGNORED';

const NUMBERS: Readonly<Record<StopSignal, number>> = { SIGHUP: 1, SIGINT: 2, SIGTERM: 15 };

/** Inputs of {@link ignoredSignals}. */
export interface SignalSource {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly platform: NodeJS.Platform;
  /** Process id of the parent. */
  readonly parent: number;
  readonly readText: (path: string) => string;
}

/**
 * Returns the signals that the program's starter wants ignored, as `nohup` does with SIGHUP and a shell with SIGINT for
 * background jobs. Node resets every signal to its default before a program can check (`PlatformInit` in its node.cc),
 * so other sources are used: the shell lines at the top of the built program, the variable `_`, in which shells leave
 * the program they started, and on Linux the parent process, unless that is the shell of a terminal, which ignores
 * signals for itself only.
 */
export function ignoredSignals(source: SignalSource): ReadonlySet<StopSignal> {
  const told = (source.env[IGNORED_VARIABLE] ?? '').split(' ');
  const found = STOP_SIGNALS.filter((signal) => told.includes(signal.slice('SIG'.length)));
  const byNohup: StopSignal[] = /(^|\/)nohup$/.test(source.env._ ?? '') ? ['SIGHUP'] : [];
  return new Set([...found, ...byNohup, ...ignoredByParent(source)]);
}

function ignoredByParent({ platform, parent, readText }: SignalSource): StopSignal[] {
  if (platform !== 'linux') return [];
  try {
    // After the name, which may contain anything: state, parent, group, session. Field 6 of proc_pid_stat(5).
    const session = readText(`/proc/${parent}/stat`)
      .replace(/^.*\) /s, '')
      .split(' ')[3];
    if (session === String(parent)) return [];
    const [, mask = '0'] = /^SigIgn:\s*([0-9a-f]+)$/m.exec(readText(`/proc/${parent}/status`)) ?? [];
    const bits = BigInt(`0x${mask}`);
    return STOP_SIGNALS.filter((signal) => (bits >> BigInt(NUMBERS[signal] - 1)) & 1n);
  } catch {
    return [];
  }
}

/** The process as {@link ignoredSignals} sees it. */
export function signalSource(self: NodeJS.Process): SignalSource {
  const readText = (path: string) => readFileSync(path, 'utf8');
  return { env: self.env, platform: self.platform, parent: self.ppid, readText };
}
