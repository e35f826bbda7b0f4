import type { Group } from '../bench.ts';
import { FAST } from './fast.ts';
import { WEAK } from './weak.ts';

/** All groups, in the order in which they run. */
export const GROUPS: readonly Group[] = [FAST, WEAK];
