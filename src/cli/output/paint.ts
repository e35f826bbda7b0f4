/** The role of a piece of a line; the terminal's own palette decides the color. */
export type Tone = 'plain' | 'strong' | 'faint' | 'good' | 'busy' | 'bad';

/** Select Graphic Rendition codes (ECMA-48): bold, faint, and the palette's green, cyan, yellow. */
const SGR: Readonly<Record<Exclude<Tone, 'plain'>, number>> = {
  strong: 1,
  faint: 2,
  good: 32,
  busy: 36,
  bad: 33,
};

/** One piece of a line. */
export interface Piece {
  readonly text: string;
  readonly tone: Tone;
}

/** Returns the pieces as one text, colored if `color`. */
export function paint(pieces: readonly Piece[], color: boolean): string {
  return pieces
    .map(({ text, tone }) => {
      return color && tone !== 'plain' && text !== '' ? `\u001b[${SGR[tone]}m${text}\u001b[0m` : text;
    })
    .join('');
}

/**
 * True when colors are wanted: a terminal that supports them, and no NO_COLOR (https://no-color.org: any text counts).
 */
export function wantsColor(isTerminal: boolean, env: Readonly<Record<string, string | undefined>>): boolean {
  return isTerminal && (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';
}
