import { describe, expect, it } from 'vitest';
import { isTrustedSender } from './sender.ts';

const page = { contentsId: () => 1, origins: ['app://haulyard'] };
const mainFrame = { url: 'app://haulyard/index.html' };

describe('isTrustedSender', () => {
  it('takes the main frame of the window with the page', () => {
    expect(isTrustedSender({ sender: { id: 1, mainFrame }, senderFrame: mainFrame }, page)).toBe(true);
  });

  it('refuses a frame inside the page, whatever it shows', () => {
    const inner = { url: 'app://haulyard/index.html' };
    expect(isTrustedSender({ sender: { id: 1, mainFrame }, senderFrame: inner }, page)).toBe(false);
  });

  it('refuses other web contents', () => {
    expect(isTrustedSender({ sender: { id: 2, mainFrame }, senderFrame: mainFrame }, page)).toBe(false);
  });

  it('refuses a frame that is gone', () => {
    expect(isTrustedSender({ sender: { id: 1, mainFrame }, senderFrame: null }, page)).toBe(false);
  });

  it('refuses everyone while there is no window', () => {
    const closed = { ...page, contentsId: () => null };
    expect(isTrustedSender({ sender: { id: 1, mainFrame }, senderFrame: mainFrame }, closed)).toBe(false);
  });

  it.each([
    'https://evil.example/',
    'app://haulyard.evil/index.html',
    'file:///index.html',
    'about:blank',
    'data:text/html,x',
  ])('refuses the main frame while it shows %s', (url) => {
    const frame = { url };
    const event = { sender: { id: 1, mainFrame: frame }, senderFrame: frame };
    expect(isTrustedSender(event, page)).toBe(false);
  });
});
