import { describe, expect, it } from 'vitest';
import { createFakeIo } from '../testing/fake-io.ts';
import { createLiveScreen } from './live-screen.ts';

const HIDE = '\u001b[?25l';
const SHOW = '\u001b[?25h';
const back = (rows: number) => `\r\u001b[${rows}A\u001b[J`;
const setup = () => {
  const io = createFakeIo({ terminal: true });
  return { io, screen: createLiveScreen(io.stdout) };
};

describe('createLiveScreen', () => {
  it('draws over what it drew before', () => {
    const { io, screen } = setup();
    screen.draw(['one', 'two']);
    screen.draw(['three']);
    expect(io.out()).toBe(`${HIDE}one\ntwo\n${back(2)}three\n`);
  });

  it('writes lines that stay above the block', () => {
    const { io, screen } = setup();
    screen.draw(['block']);
    screen.above('note');
    expect(io.out()).toBe(`${HIDE}block\n${back(1)}note\nblock\n`);
  });

  it('takes the block away and shows the cursor again', () => {
    const { io, screen } = setup();
    screen.draw(['block']);
    screen.stop();
    screen.stop();
    screen.draw(['late']);
    expect(io.out()).toBe(`${HIDE}block\n${back(1)}${SHOW}`);
  });

  it('leaves no trace when nothing was drawn', () => {
    const { io, screen } = setup();
    screen.stop();
    expect(io.out()).toBe('');
  });

  it('takes into account that a narrower terminal broke its lines', () => {
    const { io, screen } = setup();
    screen.draw(['\u001b[32mtwelve chars\u001b[0m', 'x']);
    io.resize(5, 24);
    screen.draw(['y']);
    expect(io.out()).toContain(`${back(4)}y\n`);
  });
});
