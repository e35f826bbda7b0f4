import type { CliOutput } from '../io.ts';
import { displayWidth } from './display-width.ts';

/** Escape sequences of ECMA-48 and of the VT220: up N lines, clear to the end of the screen, cursor off and on. */
const ESC = '\u001b[';
const HIDE_CURSOR = `${ESC}?25l`;
const SHOW_CURSOR = `${ESC}?25h`;
const CLEAR_DOWN = `${ESC}J`;

/** Matches the color codes that paint.ts writes. */
const COLOR_CODES = new RegExp(`${ESC.replace('[', '\\[')}\\d+m`, 'g');

/** A block of lines at the bottom of the terminal that is redrawn. */
export interface LiveScreen {
  /** Replaces the block. No line may be wider than the terminal less one column. */
  draw(lines: readonly string[]): void;
  /** Writes a line above the block, where it stays. */
  above(line: string): void;
  /** Removes the block and shows the cursor again; drawing afterwards does nothing. */
  stop(): void;
}

/** Draws on `output`, which must be a terminal. The cursor is hidden from the first drawing until {@link LiveScreen.stop}. */
export function createLiveScreen(output: CliOutput): LiveScreen {
  let shown: readonly string[] = [];
  let hidden = false;
  let stopped = false;

  /** Rows that the block takes now: after the terminal became narrower, one line may take several. */
  const rowsShown = () => {
    const columns = Math.max(1, output.columns());
    return shown.reduce((rows, line) => {
      return rows + Math.max(1, Math.ceil(displayWidth(line.replaceAll(COLOR_CODES, '')) / columns));
    }, 0);
  };
  const back = () => {
    const rows = Math.min(rowsShown(), Math.max(0, output.rows() - 1));
    return rows === 0 ? '' : `\r${ESC}${rows}A${CLEAR_DOWN}`;
  };
  const replace = (text: string, lines: readonly string[]) => {
    const block = lines.map((line) => `${line}\n`).join('');
    output.write(`${back()}${hidden ? '' : HIDE_CURSOR}${text}${block}`);
    hidden = true;
    shown = lines;
  };

  return {
    draw(lines) {
      if (!stopped) replace('', lines);
    },
    above(line) {
      if (stopped) output.write(`${line}\n`);
      else replace(`${line}\n`, shown);
    },
    stop() {
      if (stopped) return;
      output.write(`${back()}${hidden ? SHOW_CURSOR : ''}`);
      stopped = true;
      shown = [];
    },
  };
}
