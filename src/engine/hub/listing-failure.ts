import { AppError } from '../../shared/contract/errors.ts';
import { JsonProblem } from '../json/read-array.ts';
import type { ListingFailure } from './listing-protocol.ts';
import { ShapeProblem } from './shape-problem.ts';

/** Converts a failure of `readListing` so that it can cross a thread boundary. Rethrows anything else. */
export function failureOf(error: unknown): ListingFailure {
  if (error instanceof JsonProblem) return { problem: error.problem === 'limit' ? 'limit' : 'json' };
  if (error instanceof ShapeProblem) return { problem: 'shape' };
  if (error instanceof AppError) return { problem: 'unsafe', error: error.toData() };
  throw error;
}
