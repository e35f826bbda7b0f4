import { runProperty } from '../run-property.ts';
import { commandPlan } from './command-plan.ts';
import { runCommands } from './run-commands.ts';

/** Many random sequences of commands: `node test/property/commands/main.ts --runs 1000`. */
await runProperty(commandPlan, runCommands);
