import type { Group } from '../bench.ts';
import { FAST } from './fast.ts';
import { GROWTH } from './growth.ts';
import { LEDGER } from './ledger.ts';
import { MEMORY } from './memory.ts';
import { PEERS } from './peers.ts';
import { QUANTIZE } from './quantize.ts';
import { RESTART } from './restart.ts';
import { SERVE } from './serve.ts';
import { WEAK } from './weak.ts';
import { XET } from './xet.ts';

/** All groups, in the order in which they run. */
export const GROUPS: readonly Group[] = [
  FAST,
  MEMORY,
  SERVE,
  LEDGER,
  RESTART,
  QUANTIZE,
  GROWTH,
  WEAK,
  XET,
  PEERS,
];
