import { describe, expect, it } from 'vitest';
import { engineEnvironment, refusedSetting } from './engine-environment.ts';

describe('engineEnvironment', () => {
  it('omits tokens and Electron’s own variables, and keeps the rest', () => {
    const env = { HF_TOKEN: 'hf_x', NODE_OPTIONS: '--inspect', ELECTRON_RUN_AS_NODE: '1', HF_HOME: '/h' };
    expect(engineEnvironment(env, null)).toEqual({ HF_HOME: '/h' });
  });

  it('puts the proxy of the settings in place of every other', () => {
    const env = { https_proxy: 'http://old:1', NO_PROXY: 'local' };
    expect(engineEnvironment(env, 'http://new:2')).toEqual({
      HTTP_PROXY: 'http://new:2',
      http_proxy: 'http://new:2',
      HTTPS_PROXY: 'http://new:2',
      https_proxy: 'http://new:2',
      NO_PROXY: 'local',
    });
  });

  it('follows the environment without one', () => {
    const env = { HTTPS_PROXY: 'http://old:1' };
    expect(engineEnvironment(env, null)).toEqual(env);
  });

  it('checks certificates, whatever the environment of the app says', () => {
    expect(engineEnvironment({ NODE_TLS_REJECT_UNAUTHORIZED: '0', HF_HOME: '/h' }, null)).toEqual({
      HF_HOME: '/h',
    });
  });
});

describe('refusedSetting', () => {
  it('reports that certificates are checked although the environment says otherwise', () => {
    expect(refusedSetting({ NODE_TLS_REJECT_UNAUTHORIZED: '0' })).toMatch(/is ignored.*NODE_EXTRA_CA_CERTS/);
    expect(refusedSetting({ NODE_TLS_REJECT_UNAUTHORIZED: '1' })).toBeNull();
    expect(refusedSetting({})).toBeNull();
  });
});
