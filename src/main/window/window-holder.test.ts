import { describe, expect, it, vi } from 'vitest';
import type { PageRequest } from '../../shared/contract/bridge.ts';
import type { MainWindow } from './main-window.ts';
import { createWindowHolder } from './window-holder.ts';

const preview: PageRequest = { do: 'preview', reference: 'org/name' };
const fakeWindow = () => ({ show: vi.fn(), contentsId: () => 7 }) as unknown as MainWindow;

describe('createWindowHolder', () => {
  it('shows the window once it is there, with the request that came before', () => {
    const holder = createWindowHolder();
    const window = fakeWindow();
    holder.show(preview);
    holder.show();
    holder.hold(window);
    expect(window.show).toHaveBeenCalledTimes(1);
    expect(window.show).toHaveBeenCalledWith(preview);
  });

  it('leaves a window alone that nobody requested', () => {
    const holder = createWindowHolder();
    const window = fakeWindow();
    holder.hold(window);
    expect(window.show).not.toHaveBeenCalled();
  });

  it('stands for the window afterwards, and for none before', () => {
    const holder = createWindowHolder();
    const window = fakeWindow();
    expect(holder.contentsId()).toBeNull();
    holder.hold(window);
    holder.show(preview);
    expect(window.show).toHaveBeenCalledWith(preview);
    expect(holder.contentsId()).toBe(7);
  });
});
