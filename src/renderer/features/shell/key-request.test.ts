import { describe, expect, it } from 'vitest';
import { type KeyPress, keyRequest } from './key-request.ts';

const press = (change: Partial<KeyPress>): KeyPress => ({
  code: '',
  key: '',
  hasMain: false,
  hasAlt: false,
  hasShift: false,
  target: 'page',
  ...change,
});
const main = (key: string, change: Partial<KeyPress> = {}) => press({ key, hasMain: true, ...change });

describe('the keyboard', () => {
  it.each([
    ['1', { do: 'show', section: 'discover' }],
    ['2', { do: 'show', section: 'downloads' }],
    ['3', { do: 'show', section: 'library' }],
    [',', { do: 'show', section: 'settings' }],
    ['l', { do: 'paste-link' }],
    ['L', { do: 'paste-link' }],
    ['f', { do: 'find' }],
    ['Backspace', { do: 'remove-selected' }],
  ])('with ⌘ and %s asks for its section or field', (key, expected) => {
    expect(keyRequest(main(key))).toEqual(expected);
  });

  it('reads ⌥⌘I and ⌥⌘R by place, since ⌥ makes other letters of them', () => {
    expect(keyRequest(main('ˆ', { code: 'KeyI', hasAlt: true }))).toEqual({ do: 'toggle-inspector' });
    expect(keyRequest(main('®', { code: 'KeyR', hasAlt: true }))).toEqual({ do: 'verify-selected' });
  });

  it('pauses with Space, and everything with ⌥Space', () => {
    expect(keyRequest(press({ code: 'Space' }))).toEqual({ do: 'toggle-selected' });
    expect(keyRequest(press({ code: 'Space', hasAlt: true }))).toEqual({ do: 'toggle-all' });
  });

  it.each(['control', 'text'] as const)('leaves Space to a %s that has the focus', (target) => {
    expect(keyRequest(press({ code: 'Space', target }))).toBeNull();
  });

  it('leaves ⌘⌫ to text', () => {
    expect(keyRequest(main('Backspace', { target: 'text' }))).toBeNull();
  });

  it.each([main('1', { hasShift: true }), main('q'), main('constructor'), press({ key: '1' })])(
    'leaves %j alone',
    (other) => {
      expect(keyRequest(other)).toBeNull();
    },
  );
});
