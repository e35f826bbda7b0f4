import { runApp } from './app.ts';
import { refuseToStart } from './shell/messages.ts';

runApp().catch(refuseToStart);
