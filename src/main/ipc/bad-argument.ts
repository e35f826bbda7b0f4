import type { z } from 'zod';
import { AppError } from '../../shared/contract/errors.ts';

/**
 * Returns BadRequest with a sentence: which part of the argument is wrong and what it should be. Values are not
 * repeated.
 */
export function badArgument(name: string, error: z.ZodError): AppError {
  const [issue] = error.issues;
  const where =
    issue && issue.path.length > 0 ? `“${issue.path.map(String).join('.').slice(0, 100)}”` : 'the argument';
  const what = issue?.message.slice(0, 200) ?? 'it has another form';
  return new AppError('BadRequest', `“${name}” was not done: ${where} cannot be used (${what}).`);
}
