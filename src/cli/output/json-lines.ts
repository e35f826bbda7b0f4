import type { DownloadPlan } from '../../shared/contract/commands.ts';
import type { ErrorData } from '../../shared/contract/errors.ts';
import type { EngineEvent } from '../../shared/contract/events.ts';
import type { BuildView } from '../../shared/model/build.ts';
import type { Catalog } from '../../shared/model/catalog.ts';
import type { DownloadView } from '../../shared/model/download.ts';
import type { HardwareReport } from '../../shared/model/hardware.ts';
import type { Library, VerifyReport } from '../../shared/model/library.ts';
import type { CliOutput } from '../io.ts';
import { failureWords, reasonWords } from './failure-words.ts';

/** Writes one value as one line. */
export function printJson(output: CliOutput, value: unknown): void {
  output.write(`${JSON.stringify(value)}\n`);
}

/** Writes an event of a download: common fields first, without the engine's own numbering. */
export function printEvent(output: CliOutput, event: EngineEvent): void {
  if (event.event === 'listed') return;
  const { event: name, time, download, seq: _, ...rest } = published(event);
  printJson(output, { event: name, time, download, ...rest });
}

/** The published fields: the list of changed files stays between the engine and its projections. */
function published(event: EngineEvent): EngineEvent {
  if (event.event === 'failed') return { ...event, message: failureWords(event) };
  if (event.event !== 'progress') return event;
  const { files: _, ...rest } = event;
  return rest;
}

/**
 * Last line of a download that was stopped: what is safe, the command that continues it, and the program in which it
 * continues by itself, if any.
 */
export function stoppedJson(
  download: string,
  time: string,
  safeBytes: number,
  continuesIn: string | null,
): unknown {
  const resume = download === '' ? 'haulyard resume' : `haulyard resume ${download}`;
  const more = continuesIn === null ? {} : { continuesIn };
  return { event: 'stopped', time, download, safeBytes, resume, ...more };
}

/** Shape of a failed command. */
export function errorJson(error: ErrorData): unknown {
  return { error: errorFields(error) };
}

/** The fields of a failure, with what helps against it. */
export function errorFields({ code, message, retryable, details }: ErrorData): unknown {
  return { code, message: failureWords({ message, details }), retryable };
}

/** Shape of `status --json`. */
export function statusJson(downloads: readonly DownloadView[], builds: readonly BuildView[]): unknown {
  return {
    builds,
    downloads: downloads.map((view) => ({
      id: view.id,
      repo: view.repo,
      commit: view.commit,
      variant: view.variant,
      state: view.state,
      reason: reasonWords(view),
      files: view.files.map(({ path, size, receivedBytes, verifiedBytes, chunksDone, chunksTotal }) => {
        return { path, size, receivedBytes, verifiedBytes, chunksDone, chunksTotal };
      }),
    })),
  };
}

/** Shape of `list --json`. */
export function listJson(library: Library): unknown {
  return {
    models: [
      ...library.models.map((model) => {
        const { repo, commit, bytes, files, complete, path, verifiedAt, verifiedOk } = model;
        return { repo, commit, bytes, files, complete, path, verifiedAt, verifiedOk };
      }),
      ...library.made.map(({ from, variant, bytes, files, complete, path, file, madeAt, recipe, rule }) => {
        const { repo, commit } = from;
        const how = { madeHere: true, from, madeAt, recipe, rule, file };
        return { repo, commit, variant, bytes, files, complete, path, ...how };
      }),
    ],
    elsewhere: (library.elsewhere ?? []).map(({ tool, name, repo, path, bytes, files }) => {
      return { tool, name, repo, path, bytes, files };
    }),
    partials: library.partials.map(({ repo, path, bytes, download }) => ({ repo, path, bytes, download })),
  };
}

/** Shape of `verify --json`. */
export function verifyJson(report: VerifyReport): unknown {
  const files = report.files.map(({ path, ok, expected, actual, badChunks, badParts, checkedAt }) => {
    const parts = badParts === undefined ? {} : { badParts };
    return { path, ok, expected, actual, badChunks, ...parts, checkedAt };
  });
  const { ok, uncheckedBecause } = report;
  return { files, ok, ...(uncheckedBecause === undefined ? {} : { uncheckedBecause }) };
}

/** Shape of `hardware --json`. */
export function hardwareJson(report: HardwareReport): unknown {
  const { chip, memoryBytes, budgetBytes, bandwidthGBps, models } = report;
  return {
    chip,
    memoryBytes,
    budgetBytes,
    bandwidthGBps,
    models: models.map(({ model, recommended, variants }) => ({
      model,
      recommended,
      variants: variants.map(({ variant, fit, verdict, neededBytes, reasons }) => {
        return { variant, fit, verdict, neededBytes, reasons };
      }),
    })),
  };
}

/** Shape of `catalog --json`. A variant without a verdict has the fit null. */
export function catalogJson(catalog: Catalog, hardware: HardwareReport): unknown {
  return {
    models: catalog.models.map(({ id, name, summary, license, variants }) => {
      const verdict = hardware.models.find((candidate) => candidate.model === id);
      return {
        id,
        name,
        summary,
        license,
        recommended: verdict?.recommended ?? null,
        variants: variants.map((variant) => ({
          variant: variant.id,
          repo: variant.repo,
          revision: variant.revision,
          bytes: variant.bytes,
          approximate: variant.approximate,
          fit: verdict?.variants.find((candidate) => candidate.variant === variant.id)?.fit ?? null,
        })),
      };
    }),
  };
}

/** Shape of `download --dry-run --json`. */
export function planJson(plan: DownloadPlan): unknown {
  const {
    repo,
    revision,
    commit,
    model,
    variant,
    totalBytes,
    presentBytes,
    neededBytes,
    freeBytes,
    reserveBytes,
  } = plan;
  const files = plan.files.map(({ path, size, hash, algorithm, chunks, present, presentBytes }) => {
    return { path, size, hash, algorithm, chunks, present, presentBytes };
  });
  return {
    repo,
    revision,
    commit,
    model,
    variant,
    files,
    totalBytes,
    presentBytes,
    neededBytes,
    freeBytes,
    reserveBytes,
  };
}
