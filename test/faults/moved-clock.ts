/**
 * Loaded before a program (`node --import`): each SIGUSR2 moves its time of day by MOVE_CLOCK_MS, as if somebody had
 * set the clock. Monotonic clocks continue as before.
 */
const realNow = Date.now;
let movedMs = 0;
Date.now = () => realNow() + movedMs;
process.on('SIGUSR2', () => {
  movedMs += Number(process.env.MOVE_CLOCK_MS ?? 0);
});
