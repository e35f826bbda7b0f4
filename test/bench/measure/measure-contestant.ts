import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Contestant, Target } from '../contestants/contestant.ts';
import type { HubSite, Site } from '../server/site.ts';
import type { Measurement } from './measurement.ts';
import { type CommandEnd, runCommand } from './run-command.ts';
import { watchTransfer } from './watch-transfer.ts';

/** A run to be measured. */
export interface RunSpec {
  readonly site: Site;
  /** The requested model; the run gets a separate folder. */
  readonly target: Omit<Target, 'folder' | 'url' | 'hubUrl'>;
  /** Where that folder is made. */
  readonly folder: string;
  readonly limitSeconds: number;
  /** A site whose server reports the course of the run. */
  readonly watched?: HubSite;
}

/** Lets a contestant download once into an empty folder, which is removed afterwards. */
export async function measureContestant(contestant: Contestant, spec: RunSpec): Promise<Measurement> {
  const { site, limitSeconds } = spec;
  const own = await mkdtemp(join(spec.folder, 'run-'));
  const folder = join(own, 'files');
  await mkdir(folder);
  const { repo, path } = spec.target;
  const url = `${site.hubUrl}/${repo}/resolve/main/${path}`;
  try {
    await settle();
    await site.takeSentBytes();
    const argv = contestant.argv({ ...spec.target, hubUrl: site.hubUrl, url, folder });
    const done = new AbortController();
    const watching = spec.watched && watchTransfer(spec.watched, done.signal);
    const end = await runCommand({ argv, limitSeconds, cwd: own }, join(own, 'usage')).finally(() =>
      done.abort(),
    );
    const trace = await watching;
    const measured = measurementOf(end, await site.takeSentBytes(), limitSeconds);
    return trace ? { ...measured, trace } : measured;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
}

/** What the end of a command reports about its run. */
export function measurementOf(end: CommandEnd, wireBytes: number | null, limitSeconds: number): Measurement {
  const { seconds, usage, code, tooSlow, errors } = end;
  return {
    seconds,
    cpuSeconds: usage?.cpuSeconds ?? null,
    peakBytes: usage?.peakBytes ?? null,
    wireBytes,
    problem: tooSlow
      ? `not done after ${limitSeconds} s`
      : code === 0
        ? null
        : `failed (${code}) ${lastLine(errors)}`.trim(),
  };
}

/** What the run before left unwritten must not be written at the cost of the next one. */
export async function settle(): Promise<void> {
  const child = spawn('sync', { stdio: 'ignore' });
  await Promise.race([once(child, 'exit'), once(child, 'error')]).catch(() => undefined);
}

function lastLine(text: string): string {
  return (text.trim().split('\n').at(-1) ?? '').slice(0, 80);
}
