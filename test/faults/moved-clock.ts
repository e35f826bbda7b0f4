/**
 * Loaded before a program (`node --import`): each SIGUSR2 moves what it takes for the time of day by MOVE_CLOCK_MS, as if
 * somebody had set the clock. Clocks that only measure go on as before.
 */
const realNow = Date.now;
let movedMs = 0;
Date.now = () => realNow() + movedMs;
process.on('SIGUSR2', () => {
  movedMs += Number(process.env.MOVE_CLOCK_MS ?? 0);
});
