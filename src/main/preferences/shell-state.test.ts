import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { openShellMemory } from './shell-state.ts';

const log = { debug: vi.fn(), info: vi.fn(), warn: vi.fn(), error: vi.fn() };
const bounds = { x: -5, y: 20, width: 900, height: 700 };

describe('openShellMemory', () => {
  it('remembers each change by itself, over a restart', async () => {
    const path = join(await mkdtemp(join(tmpdir(), 'haulyard-memory-')), 'shell-state.json');
    const memory = await openShellMemory(path, log);
    memory.remember({ bounds });
    memory.remember({ isQuitExplained: true });
    await memory.written();
    const next = await openShellMemory(path, log);
    expect(next.current()).toEqual({ bounds, isMaximized: false, isQuitExplained: true });
  });

  it('continues when it cannot be written, and reports that', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'haulyard-memory-'));
    await writeFile(join(folder, 'file'), '');
    const memory = await openShellMemory(join(folder, 'file', 'shell-state.json'), log);
    log.warn.mockClear();
    memory.remember({ isQuitExplained: true });
    await memory.written();
    expect(memory.current().isQuitExplained).toBe(true);
    expect(log.warn).toHaveBeenCalledTimes(1);
  });
});
