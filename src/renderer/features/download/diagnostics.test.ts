import { describe, expect, it } from 'vitest';
import type { AppInfo } from '../../../shared/contract/app-commands.ts';
import type { EngineEvent } from '../../../shared/contract/events.ts';
import { sampleDownload } from '../../testing/sample-download.ts';
import { diagnosticsText } from './diagnostics.ts';

const app: AppInfo = {
  version: '0.1.0',
  platform: 'darwin',
  arch: 'arm64',
  cacheDir: '/Users/someone/.cache/huggingface/hub',
  dataDir: '/Users/someone/Library',
  endpoint: 'https://hub.test',
  proxy: 'http://user:pass@proxy.test:3128',
  canStartAtLogin: true,
};
const text = (message = '') =>
  diagnosticsText({
    name: 'Moshi BF16',
    view: sampleDownload({
      state: 'failed',
      error: { code: 'Gated', message, retryable: false, details: { status: 403 } },
    }),
    inspection: {
      id: 'moshi',
      commit: null,
      files: [],
      streams: [],
      events: [
        {
          event: 'failed',
          seq: 1,
          time: '2026-01-05T12:00:00Z',
          code: 'Gated',
          message: 'Gated.',
        } as EngineEvent,
      ],
    },
    app,
    time: '2026-01-05T12:00:00Z',
  });

describe('diagnosticsText', () => {
  it('has version, state, error, files and events', () => {
    expect(text('It is gated.')).toContain('version 0.1.0, darwin arm64');
    expect(text('It is gated.')).toContain('error Gated: It is gated.\n  status: 403');
    expect(text()).toContain('121 of 294 chunks');
    expect(text()).toContain('2026-01-05T12:00:00Z failed: This model is gated.');
  });

  it.each([
    ['a token', 'hf_abcdefGHIJKL123456', 'hf_abcdefGHIJKL123456'],
    ['an authorization header', 'Authorization: Bearer secret-thing', 'secret-thing'],
    ['a signature', 'https://cdn.test/file?X-Amz-Signature=abc123&x=1', 'abc123'],
    ['a password in an address', 'https://me:pw123@hub.test/x', 'pw123'],
  ])('leaves out %s', (_what, message, secret) => expect(text(message)).not.toContain(secret));

  it('does not name the user or the proxy', () => {
    expect(text()).not.toMatch(/someone|proxy\.test/);
    expect(text()).toContain('cache ~/.cache/huggingface/hub');
  });
});
