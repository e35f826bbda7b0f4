import { describe, expect, it } from 'vitest';
import { proxySettings } from './proxy-settings.ts';

describe('proxySettings', () => {
  it('takes each protocol’s proxy from its own variable', () => {
    const env = { HTTP_PROXY: 'http://a:1', https_proxy: 'http://b:2', NO_PROXY: 'c' };
    expect(proxySettings(env)).toEqual({ http: 'http://a:1', https: 'http://b:2', except: 'c' });
  });

  it('prefers lower-case names', () => {
    expect(proxySettings({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }).https).toBe('http://b:2');
  });

  it('prefers an explicit proxy, and an empty one means none', () => {
    const env = { HTTPS_PROXY: 'http://a:1', no_proxy: 'c' };
    expect(proxySettings(env, 'http://b:2')).toEqual({
      http: 'http://b:2',
      https: 'http://b:2',
      except: 'c',
    });
    expect(proxySettings(env, '')).toEqual({ http: '', https: '', except: 'c' });
  });

  it('completes an address without a scheme', () => {
    expect(proxySettings({ HTTPS_PROXY: 'proxy.example:3128' }).https).toBe('http://proxy.example:3128');
  });

  it('refuses what is no address, without repeating a password', () => {
    const refused = () => proxySettings({ HTTPS_PROXY: 'ftp://user:secret@x' });
    expect(refused).toThrow(expect.objectContaining({ code: 'BadRequest' }));
    expect(refused).toThrow(/^(?!.*secret).*HTTPS_PROXY/);
  });
});
