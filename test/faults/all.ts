import { ADOPT } from './adopt.ts';
import { ANSWERS } from './answers.ts';
import { AT_REST } from './at-rest.ts';
import { DISK } from './disk.ts';
import { IN_FLIGHT } from './in-flight.ts';
import { LEDGER } from './ledger.ts';
import { NETWORK } from './network.ts';
import { OFFLINE } from './offline.ts';
import { OTHER_SERVERS } from './other-servers.ts';
import { OTHER_VOLUME } from './other-volume.ts';
import { PERMISSIONS } from './permissions.ts';
import { PROCESSES } from './processes.ts';
import { REPAIR } from './repair.ts';
import { RESCUE } from './rescue.ts';
import type { FaultScenario } from './scenario.ts';

/** Every fault that is made. */
export const ALL: readonly FaultScenario[] = [
  ...NETWORK,
  ...ANSWERS,
  ...OTHER_SERVERS,
  ...OFFLINE,
  ...IN_FLIGHT,
  ...AT_REST,
  ...PERMISSIONS,
  ...LEDGER,
  ...DISK,
  ...RESCUE,
  ...OTHER_VOLUME,
  ...ADOPT,
  ...REPAIR,
  ...PROCESSES,
];
