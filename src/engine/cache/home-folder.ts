import { AppError } from '../../shared/contract/errors.ts';
import type { Remedy } from '../../shared/model/remedy.ts';

/**
 * Returns the home folder, where it is needed. Empty stands for none: no HOME, and no entry for this user in the
 * system's list, as in many containers. Throws `BadRequest` with a remedy.
 */
export function requireHome(homedir: string, what: string, remedy?: Remedy): string {
  if (homedir !== '') return homedir;
  throw new AppError(
    'BadRequest',
    `This user has no home folder (HOME is not set), so there is no place for ${what}.`,
    { details: { missing: 'HOME', ...(remedy === undefined ? {} : { remedy }) } },
  );
}
