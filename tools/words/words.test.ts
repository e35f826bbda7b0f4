import { globSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { textsOf } from './texts.ts';

/** Folders whose sentences people read in both the window and the terminal. */
const NEUTRAL = ['src/engine', 'src/shared', 'src/main'];
const ALL = [...NEUTRAL, 'src/renderer', 'src/cli'];

const texts = (folders: readonly string[]) =>
  folders
    .flatMap((folder) => globSync(`${folder}/**/*.{ts,tsx}`))
    .filter((file) => !/\.test\.tsx?$|\/testing\/|\/test-/.test(file))
    .flatMap(textsOf);

/** Commands to copy, and what only a command can meet. */
const APART = ['-snippet.ts', 'engine/connect/agreement.ts'];
/** Options, variables, commands. */
const NAMED = /(^|[\s(`])--[a-z]|\b(HF|HAULYARD)_[A-Z]|haulyard [a-z]+ |`haulyard [a-z]/;
/** What is named on purpose: what was typed, a variable that is the cause. */
const MAY_NAME = [/^Leave --local-dir out/, /^HF_HUB_OFFLINE is set/, /^A token comes from the environment/];

describe('a sentence of the engine or the app', () => {
  it('names no option, variable or command: what helps is a fact, and each surface says how', () => {
    const named = texts(NEUTRAL)
      .filter(({ file }) => !APART.some((part) => file.includes(part)))
      .filter(({ text }) => NAMED.test(text))
      .filter(({ text }) => !MAY_NAME.some((known) => known.test(text)));
    expect(named).toEqual([]);
  });
});

/** Words that docs/words.md rules out, where people read them. */
const NEVER: readonly RegExp[] = [
  /\bcancell/i,
  /\blicence/i,
  /\bfetched twice\b/i,
  /\bNothing (received|is lost)/,
  /\b(goes|go|went) on\b(?! (Hugging|the))/,
  /\bbroke off\b/,
  /\bpartial files?\b/i,
  /\bthe ledger\b/i,
  /\bweak line\b/i,
  /\bthe Hub\b/i,
];

describe('a text that people read', () => {
  it.each(NEVER)('never says %s', (word) => {
    const found = texts(ALL)
      .filter(({ text }) => word.test(text))
      .filter(({ text }) => !/^(SELECT|INSERT|UPDATE|DELETE|CREATE)/.test(text));
    expect(found).toEqual([]);
  });
});
