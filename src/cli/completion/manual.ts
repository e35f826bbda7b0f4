import type { CommandTable, OptionRow } from './command-table.ts';
import { ENVIRONMENT, EXIT_CODES } from './manual-words.ts';

/** The manual page in the `man` macros (man(7)), made of the commands themselves. */
export function manualPage({ description, options, commands }: CommandTable): string {
  const lines = [
    '.\\" Made by tools/manual.ts; not to be edited.',
    '.TH HAULYARD 1',
    '.SH NAME',
    'haulyard \\- download and keep model weights',
    '.SH SYNOPSIS',
    '.B haulyard',
    '[\\fIoptions\\fR] \\fIcommand\\fR [\\fIarguments\\fR]',
    '.SH DESCRIPTION',
    escaped(description),
    '.SH OPTIONS OF ALL COMMANDS',
    ...options.flatMap(optionLines),
    '.SH COMMANDS',
    ...commands.flatMap(({ name, usage, description: does, options: own }) => [
      '.SS',
      `${bold(name)} ${escaped(usage)}`.trimEnd(),
      sentence(does),
      ...own.filter(({ flags }) => !flags.includes('--help')).flatMap(optionLines),
    ]),
    '.SH EXIT STATUS',
    ...EXIT_CODES.flatMap(([code, words]) => ['.TP', bold(String(code)), escaped(words)]),
    '.SH ENVIRONMENT',
    ...ENVIRONMENT.flatMap(([name, words]) => ['.TP', bold(name), escaped(words)]),
  ];
  return `${lines.join('\n')}\n`;
}

function optionLines({ flags, value, description }: OptionRow): readonly string[] {
  const names = flags.map(bold).join(', ');
  return ['.TP', `${names}${value === '' ? '' : ` \\fI${escaped(value)}\\fR`}`, sentence(description)];
}

function sentence(text: string): string {
  const first = text.charAt(0).toUpperCase() + text.slice(1);
  return escaped(/[.)]$/.test(first) ? first : `${first}.`);
}

const bold = (text: string) => `\\fB${escaped(text)}\\fR`;

/** Backslashes, dashes that are to be copied, and a dot or quote that would begin a request. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '\\e')
    .replaceAll('-', '\\-')
    .replace(/^(['.])/, '\\&$1');
}
