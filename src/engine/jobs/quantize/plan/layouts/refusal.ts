import { AppError } from '../../../../../shared/contract/errors.ts';

/** This model, or this variant of it, is not made here. `why` is a whole sentence. */
export function notOffered(why: string): AppError {
  return new AppError('BadRequest', `${why} Nothing was changed.`, { details: { offered: false } });
}
