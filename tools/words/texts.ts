import { readFileSync } from 'node:fs';

/** A text in a source file. */
export interface SourceText {
  readonly file: string;
  readonly line: number;
  readonly text: string;
}

/** Quoted texts that do not run over a line's end; what stands in `${…}` is cut to `${}`. */
const QUOTED = /'((?:[^'\\\n]|\\.)*)'|`((?:[^`\\\n]|\\.)*)/g;
const COMMENT = /^\s*(\*|\/\/|\/\*)|\/\*\*.*\*\/|\s\/\/ .*$/;
/** People read texts of several words; one word is a key or a name. */
const SENTENCE = /[\p{L}}’,]+ [\p{L}$(“—]/u;

/** The texts of a source file that people may read. */
export function textsOf(file: string): readonly SourceText[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((line, index) => {
      if (/^\s*(import|export \{|\*|\/\/|\/\*)/.test(line)) return [];
      const code = line.replace(COMMENT, '');
      return [...code.matchAll(QUOTED)]
        .map(([, single, template]) => (single ?? template ?? '').replaceAll(/\$\{[^}]*\}?/g, '${}'))
        .filter((text) => SENTENCE.test(text))
        .map((text) => ({ file, line: index + 1, text }));
    });
}
