/** What an autostart entry starts. */
export interface AutostartProgram {
  readonly name: string;
  /** Absolute path; for an AppImage the file itself, not its mount point. */
  readonly executable: string;
  readonly args: readonly string[];
}

/**
 * Returns an entry for `~/.config/autostart`. Source: https://specifications.freedesktop.org/desktop-entry-spec/latest/
 * and .../autostart-spec/latest/
 */
export function autostartEntry({ name, executable, args }: AutostartProgram): string {
  const lines = [
    '[Desktop Entry]',
    'Type=Application',
    `Name=${name}`,
    `Exec=${[executable, ...args].map(quoted).join(' ')}`,
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
  ];
  return `${lines.join('\n')}\n`;
}

/** Quoting of the `Exec` key: first for the argument, then for the value, which is a string of the file format itself. */
function quoted(argument: string): string {
  if (/^[\w@./:=+-]+$/.test(argument)) return argument;
  const inQuotes = argument.replace(/["`$\\]/g, (character) => `\\${character}`);
  return `"${inQuotes.replaceAll('\\', '\\\\').replaceAll('%', '%%')}"`;
}
