import type { CliIo } from '../io.ts';
import { createLiveScreen } from './live-screen.ts';
import { noteOf } from './notes.ts';
import { wantsColor } from './paint.ts';
import { EMPTY_MODEL, type ProgressModel } from './progress-model.ts';
import type { ProgressOutput } from './progress-output.ts';
import { renderView } from './terminal-view.ts';

/** Shortest time between two redraws, in milliseconds. */
const REDRAW_MS = 100;

/** The live view, redrawn on the terminal of standard output. */
export function createLiveProgress(io: CliIo): ProgressOutput {
  const screen = createLiveScreen(io.stdout);
  const color = wantsColor(io.stdout.isTerminal, io.env);
  let drawnAtMs = 0;
  let latest: ProgressModel = EMPTY_MODEL;
  const draw = () => {
    drawnAtMs = io.now();
    // The last column stays free: a full line would make some terminals scroll.
    const width = Math.max(1, io.stdout.columns() - 1);
    const rows = Math.max(1, io.stdout.rows() - 1);
    screen.draw(renderView(latest, { width, rows, color, nowMs: drawnAtMs }));
  };
  const endResize = io.stdout.onResize(draw);
  const endAtExit = io.atExit(() => screen.stop());
  return {
    show(model, event) {
      latest = model;
      const note = event === null ? null : noteOf(event);
      if (note !== null) screen.above(note);
      if (io.now() - drawnAtMs >= REDRAW_MS) draw();
    },
    stop() {
      endResize();
      endAtExit();
      screen.stop();
    },
  };
}
