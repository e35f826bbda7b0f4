import { AppError } from '../../../../../shared/contract/errors.ts';

/** Returns the error for a model, or a variant of it, that cannot be built here. `why` is a whole sentence. */
export function notOffered(why: string): AppError {
  return new AppError('BadRequest', `${why} Nothing was changed.`, { details: { offered: false } });
}
