import { runProperty } from './run-property.ts';
import { runScenario } from './run-scenario.ts';
import { scenario } from './scenario.ts';

/** Many random downloads: `node test/property/main.ts --runs 1000`. */
await runProperty(scenario, runScenario);
