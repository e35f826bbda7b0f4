/** Runs the work at the first call; later calls get the same result. */
export function onlyOnce<T>(work: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | null = null;
  return () => {
    answer ??= work();
    return answer;
  };
}
