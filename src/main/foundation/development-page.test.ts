import { describe, expect, it } from 'vitest';
import { developmentPage } from './development-page.ts';

describe('developmentPage', () => {
  const env = { ELECTRON_RENDERER_URL: 'http://localhost:5173' };

  it('is the server that electron-vite named', () => {
    expect(developmentPage(env, false)?.origin).toBe('http://localhost:5173');
  });

  it('is none in a packaged app, whatever the environment says', () => {
    expect(developmentPage(env, true)).toBeNull();
  });

  it('is none without a server', () => {
    expect(developmentPage({}, false)).toBeNull();
  });
});
