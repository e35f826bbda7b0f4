import type { FaultScenario, Row } from './scenario.ts';

/** No scenario takes longer than this, or it hangs. Milliseconds. */
const LONGEST_MS = 300_000;

/** Runs scenarios, so many at a time; the rows come in the order of the scenarios. */
export async function runAll(
  scenarios: readonly FaultScenario[],
  atOnce: number,
  say: (line: string) => void,
): Promise<readonly Row[]> {
  const rows: Row[] = [];
  const queue = scenarios.entries();
  const lane = async () => {
    for (const [index, scenario] of queue) {
      const started = performance.now();
      const row = await runOne(scenario);
      rows[index] = row;
      const seconds = ((performance.now() - started) / 1000).toFixed(1);
      say(
        `${mark(row)} ${scenario.area}: ${scenario.fault} (${seconds} s)${row.broken === null ? '' : `\n    ${row.broken}`}`,
      );
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
  return rows;
}

async function runOne(scenario: FaultScenario): Promise<Row> {
  const skipped = scenario.cannotRun?.() ?? null;
  if (skipped !== null) return { scenario, skipped, finding: null, broken: null };
  const stop = new AbortController();
  try {
    const finding = await Promise.race([scenario.run(), hang(stop.signal)]);
    const limit = scenario.mayCostBytes;
    const tooDear = limit !== null && (finding.againBytes ?? 0) > limit;
    const broken = tooDear ? `${finding.againBytes} bytes were fetched again, ${limit} may be.` : null;
    return { scenario, skipped: null, finding, broken };
  } catch (error) {
    return {
      scenario,
      skipped: null,
      finding: null,
      broken: error instanceof Error ? error.message : String(error),
    };
  } finally {
    stop.abort();
  }
}

function hang(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    const timer = setTimeout(
      () => reject(new Error(`HANG: no end after ${LONGEST_MS / 1000} s.`)),
      LONGEST_MS,
    );
    signal.addEventListener('abort', () => clearTimeout(timer));
  });
}

function mark({ skipped, broken }: Row): string {
  if (skipped !== null) return 'skip';
  return broken === null ? 'ok  ' : 'BAD ';
}
