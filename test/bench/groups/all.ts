import type { Group } from '../bench.ts';
import { FAST } from './fast.ts';
import { RESTART } from './restart.ts';
import { WEAK } from './weak.ts';

/** All groups, in the order in which they run. */
export const GROUPS: readonly Group[] = [FAST, WEAK, RESTART];
