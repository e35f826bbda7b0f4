/**
 * Who runs when: every contestant once in each round, each round starting with another one, so that nobody always
 * finds the machine as the same neighbour left it.
 */
export function runOrder<T>(contestants: readonly T[], rounds: number): T[][] {
  return Array.from({ length: rounds }, (_, round) => {
    const shift = contestants.length === 0 ? 0 : round % contestants.length;
    return [...contestants.slice(shift), ...contestants.slice(0, shift)];
  });
}
