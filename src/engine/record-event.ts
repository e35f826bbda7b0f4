import type { EngineEvent } from '../shared/contract/events.ts';
import type { Log } from './contents/context.ts';
import { classify } from './errors/classify.ts';
import type { Ledger } from './ledger/ledger.ts';

/** Stores events for the inspector, except progress. */
export function recordEvent(ledger: Ledger, event: EngineEvent, log: Log): void {
  if (
    event.event.startsWith('build.') ||
    event.event === 'progress' ||
    event.event === 'verifying' ||
    event.event === 'listed'
  )
    return;
  try {
    // The files are in the ledger already; for 50,000 files the list would be 5 MB at every start.
    const hasList = event.event === 'resolved' || event.event === 'done';
    ledger.events.add(hasList ? { ...event, files: [] } : event);
  } catch (error) {
    log('warn', `An event could not be kept: ${classify(error).message}`);
  }
}

/** `calls` holds what is under way. */
