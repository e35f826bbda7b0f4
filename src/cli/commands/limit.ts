import { formatRate } from '../../shared/format/rate.ts';
import { EXIT } from '../exit-codes.ts';
import { printJson } from '../output/json-lines.ts';
import { printLine } from '../output/print.ts';
import { type Session, withEngine } from '../session.ts';

/** Arguments of `limit`: a speed in bytes per second, null for none, absent to ask. */
export interface LimitOptions {
  readonly bytesPerSecond?: number | null;
}

/** `limit`: shows or sets the speed limit of all downloads together; it is stored, and applies at once. */
export function runLimit(session: Session, { bytesPerSecond }: LimitOptions): Promise<number> {
  const access = bytesPerSecond === undefined ? 'live' : 'owner';
  return withEngine(session, { access, anySettings: true }, async (engine) => {
    const settings =
      bytesPerSecond === undefined
        ? await engine.call('settings.get', {})
        : await engine.call('settings.set', { limitBytesPerSecond: bytesPerSecond });
    const { limitBytesPerSecond } = settings;
    if (session.global.json) printJson(session.io.stdout, { limitBytesPerSecond });
    else {
      const now =
        limitBytesPerSecond === null ? 'No speed limit.' : `Speed limit: ${formatRate(limitBytesPerSecond)}.`;
      printLine(session, now);
    }
    return EXIT.done;
  });
}
