import { showMegabytes, showRatio, showSeconds, showShare } from './show.ts';
import type { Summary } from './summary.ts';
import type { Table } from './table.ts';

/** The table of a group in which contestants download the same `bytes` bytes. */
export function comparisonTable(title: string, summaries: readonly Summary[], bytes: number): Table {
  return {
    title,
    columns: [
      '',
      's to verified',
      'min-max',
      'mean',
      'ratio',
      'MB/s',
      'CPU s',
      'peak MB',
      'fetched twice',
      'note',
    ],
    rows: summaries.map((summary) => rowOf(summary, bytes)),
  };
}

function rowOf(summary: Summary, bytes: number): string[] {
  const { name, medianSeconds, meanSeconds, spreadSeconds, ratio, cpuSeconds, peakBytes, wireBytes } =
    summary;
  const range = spreadSeconds ? `${showSeconds(spreadSeconds.min)}-${showSeconds(spreadSeconds.max)}` : '-';
  return [
    name,
    showSeconds(medianSeconds),
    range,
    showSeconds(meanSeconds),
    showRatio(ratio),
    showMegabytes(medianSeconds === null ? null : bytes / medianSeconds),
    showSeconds(cpuSeconds),
    showMegabytes(peakBytes),
    showShare(wireBytes === null ? null : Math.max(0, wireBytes - bytes), bytes),
    noteOf(summary),
  ];
}

function noteOf({ verifies, problems }: Summary): string {
  return [...(verifies ? [] : ['not verified']), ...problems].join('; ');
}
