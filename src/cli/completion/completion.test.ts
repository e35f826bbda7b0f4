import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { cli } from '../testing/cli.ts';
import { commandTable } from './command-table.ts';
import { manualPage } from './manual.ts';
import { completionScript } from './scripts.ts';

const run = promisify(execFile);
const MANUAL_FILE = new URL('../../../docs/man/haulyard.1', import.meta.url);
const table = commandTable();

/** What bash offers for a line, of which the last word is being typed. */
async function offered(...words: readonly string[]): Promise<readonly string[]> {
  const script = `${completionScript('bash')}
COMP_WORDS=(haulyard ${words.map((word) => `'${word}'`).join(' ')}); COMP_CWORD=${words.length}
_haulyard; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const { stdout } = await run('bash', ['--norc', '-c', script]);
  return stdout.split('\n').filter((line) => line !== '');
}

describe('the table of commands', () => {
  it('has every command that help lists, and none that is hidden', async () => {
    const names = table.commands.map(({ name }) => name);
    const { out } = await cli('--help');
    for (const name of names) expect(out).toMatch(new RegExp(`^  ${name}\\b`, 'm'));
    expect(names).toEqual(expect.arrayContaining(['download', 'prune', 'completion']));
    expect(names).not.toContain('background');
  });

  it('knows what completes a value', () => {
    const download = table.commands.find(({ name }) => name === 'download')!;
    const kinds = Object.fromEntries(download.options.map(({ flags, kind }) => [flags.at(-1), kind]));
    expect(kinds).toMatchObject({ '--variant': 'words', '--local-dir': 'folder', '--limit': 'other' });
    expect(kinds).not.toHaveProperty('--repo-type');
  });
});

describe('completion in bash', () => {
  it('offers commands, options of the command, and choices of an option', async () => {
    expect(await offered('pru')).toEqual(['prune']);
    expect(await offered('prune', '--dr')).toEqual(['--dry-run']);
    expect(await offered('download', 'a/b', '--variant', 'q')).toEqual(['q8', 'q4']);
    expect(await offered('completion', 'f')).toEqual(['fish']);
  });

  it('takes the value of an option for no command', async () => {
    expect(await offered('--cache-dir', 'prune', 'lis')).toEqual(['list']);
  });
});

describe('completion in zsh and fish', () => {
  it('names every command and every option', () => {
    for (const shell of ['zsh', 'fish'] as const) {
      const script = completionScript(shell);
      for (const { name, options } of table.commands) {
        expect(script).toContain(name);
        for (const { flags } of options) {
          const flag = flags.at(-1)!;
          expect(script).toContain(shell === 'zsh' ? `'${flag}[` : `-l ${flag.slice(2)} `);
        }
      }
    }
  });

  it('has quotes that end: every line is whole', () => {
    const zsh = completionScript('zsh').replaceAll("'\\''", '');
    for (const line of zsh.split('\n'))
      expect([line, (line.match(/'/g) ?? []).length % 2]).toEqual([line, 0]);
    const fish = completionScript('fish').replaceAll(/\\['\\]/g, '');
    for (const line of fish.split('\n'))
      expect([line, (line.match(/'/g) ?? []).length % 2]).toEqual([line, 0]);
  });
});

describe('the command completion', () => {
  it('prints the script, opens no engine, and refuses another shell', async () => {
    const { code, out, engine } = await cli('completion bash');
    expect([code, out, engine.opened.length]).toEqual([0, completionScript('bash'), 0]);
    expect((await cli('completion csh')).code).toBe(2);
  });
});

describe('the manual page', () => {
  it('is up to date: node tools/manual.ts rewrites it', async () => {
    expect(await readFile(MANUAL_FILE, 'utf8')).toBe(manualPage(table));
  });

  it('has no line that man would misread as a request', async () => {
    const requests = (await readFile(MANUAL_FILE, 'utf8')).split('\n').filter((line) => /^[.']/.test(line));
    for (const line of requests) expect(line).toMatch(/^\.(\\"|TH|SH|SS|TP|B)( |$)/);
  });
});
