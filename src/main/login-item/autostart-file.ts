import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, isAbsolute, join } from 'node:path';
import { type AutostartProgram, autostartEntry } from './desktop-entry.ts';

/**
 * Returns where a desktop looks for programs to start: `$XDG_CONFIG_HOME/autostart`, `~/.config/autostart` without it.
 */
export function autostartFile(environment: NodeJS.ProcessEnv, homeDir: string): string {
  const configured = environment.XDG_CONFIG_HOME;
  const base = configured !== undefined && isAbsolute(configured) ? configured : join(homeDir, '.config');
  return join(base, 'autostart', 'haulyard.desktop');
}

/** Writes the entry, or removes it. */
export async function setAutostart(file: string, program: AutostartProgram | null): Promise<void> {
  if (program === null) return await rm(file, { force: true });
  await mkdir(dirname(file), { recursive: true });
  const temporary = `${file}.${process.pid}`;
  await writeFile(temporary, autostartEntry(program), { mode: 0o644 });
  await rename(temporary, file);
}
