/**
 * The order of the runs: every contestant once in each round, each round starting with another one, so that no
 * contestant always follows the same one.
 */
export function runOrder<T>(contestants: readonly T[], rounds: number): T[][] {
  return Array.from({ length: rounds }, (_, round) => {
    const shift = contestants.length === 0 ? 0 : round % contestants.length;
    return [...contestants.slice(shift), ...contestants.slice(0, shift)];
  });
}
