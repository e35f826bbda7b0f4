import { expect, it } from 'vitest';
import { onClose } from './on-close.ts';

it.each([
  ['darwin', false, false, 'hide'],
  ['darwin', false, true, 'hide'],
  ['linux', false, true, 'hide'],
  ['linux', false, false, 'quit'],
  ['win32', false, true, 'hide'],
  ['linux', true, true, 'close'],
  ['darwin', true, true, 'close'],
] as const)(
  'on %s, quitting %s, tray %s: closing the window means %s',
  (platform, isQuitting, hasTray, expected) => {
    expect(onClose({ platform, isQuitting, hasTray })).toBe(expected);
  },
);
