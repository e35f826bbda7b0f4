import type { z } from 'zod';

/** One command: the schema of its argument, its result (as a type only), and who answers it. */
export interface Command<A extends z.ZodType, R> {
  readonly args: A;
  readonly owner: 'engine' | 'main';
  readonly result?: R;
}

export const engineCommand =
  <R>() =>
  <A extends z.ZodType>(args: A): Command<A, R> => ({ args, owner: 'engine' });

export const appCommand =
  <R>() =>
  <A extends z.ZodType>(args: A): Command<A, R> => ({ args, owner: 'main' });
