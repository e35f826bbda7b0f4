import type { Command, Option } from 'commander';
import { createProgram } from '../program.ts';
import { addCommands } from '../program-commands.ts';

/** What completes the value of an option or an argument. */
export type ValueKind = 'file' | 'folder' | 'words' | 'other';

/** An option, as listed in completions and the manual. */
export interface OptionRow {
  /** `--limit`, and `-h` where there is a short form. */
  readonly flags: readonly string[];
  /** `<speed>` or `[repo]`; empty for a switch. */
  readonly value: string;
  readonly kind: ValueKind;
  /** For the kind `words`. */
  readonly words: readonly string[];
  readonly description: string;
}

/** A command with its arguments and options. */
export interface CommandRow {
  readonly name: string;
  readonly description: string;
  /** As in the usage line: `<ref> [files...]`. */
  readonly usage: string;
  readonly options: readonly OptionRow[];
}

/** Everything that can be typed. */
export interface CommandTable {
  readonly description: string;
  readonly options: readonly OptionRow[];
  readonly commands: readonly CommandRow[];
}

/** Reads the table from the commands themselves: what is completed and printed is what is understood. */
export function commandTable(): CommandTable {
  const program = createProgram('', () => {});
  addCommands(program, () => {});
  return {
    description: program.description(),
    options: optionsOf(program),
    commands: program.commands.filter((command) => !isHidden(command)).map(rowOf),
  };
}

function rowOf(command: Command): CommandRow {
  const usage = command.registeredArguments.map((argument) => {
    const name = `${argument.name()}${argument.variadic ? '...' : ''}`;
    return argument.required ? `<${name}>` : `[${name}]`;
  });
  return {
    name: command.name(),
    description: command.description(),
    usage: usage.join(' '),
    options: optionsOf(command),
  };
}

function optionsOf(command: Command): readonly OptionRow[] {
  const { visibleOptions } = command.createHelp();
  return visibleOptions.call(command.createHelp(), command).map(optionRow);
}

function optionRow({ short, long, flags, description }: Option): OptionRow {
  const value = /[<[].*$/.exec(flags)?.[0] ?? '';
  const words = value === '' ? [] : wordsOf(description);
  return {
    flags: [short, long].filter((flag) => flag !== undefined && flag !== null),
    value,
    kind: words.length > 0 ? 'words' : kindOf(value),
    words,
    description,
  };
}

/** The choices that a description lists: `one of auto, bf16, q8, q4`. */
function wordsOf(description: string): readonly string[] {
  const [, list = ''] = /\bone of ([\w-]+(?:, [\w-]+)+)/.exec(description) ?? [];
  return list === '' ? [] : list.split(', ');
}

function kindOf(value: string): ValueKind {
  if (/dir/.test(value)) return 'folder';
  return /file/.test(value) ? 'file' : 'other';
}

function isHidden(command: Command): boolean {
  return !command.parent?.createHelp().visibleCommands(command.parent).includes(command);
}
