import { expect, it } from 'vitest';
import { trayActions } from './tray-actions.ts';

/** Actions whose slots hold a download and a build, and the calls that they make. */
function openActions() {
  const calls: unknown[] = [];
  const actions = trayActions(
    {
      call: async (name, args) => {
        calls.push([name, args]);
        return { ok: true, value: undefined } as never;
      },
      log: { warn: () => undefined } as never,
      showWindow: (request) => calls.push(request),
      quit: () => undefined,
    },
    {
      idOf: (slot) => ['download', 'build'][slot] ?? null,
      isBuild: (id) => id === 'build',
      setLimit: () => undefined,
    },
  );
  return { actions, calls };
}

it('pauses and resumes a download or a build, whichever stands in the slot', () => {
  const { actions, calls } = openActions();
  for (const slot of [0, 1, 2]) {
    actions.pause(slot);
    actions.resume(slot);
  }
  expect(calls).toEqual([
    ['downloads.pause', { id: 'download' }],
    ['downloads.resume', { id: 'download' }],
    ['build.pause', { id: 'build' }],
    ['build.resume', { id: 'build' }],
  ]);
});

it('asks in the window before it cancels either', () => {
  const { actions, calls } = openActions();
  actions.cancel(0);
  actions.cancel(1);
  expect(calls).toEqual([
    { do: 'ask-cancel', download: 'download' },
    { do: 'ask-cancel', download: 'build' },
  ]);
});
