import { describe, expect, it } from 'vitest';
import { type ProxyServer, proxySettings } from './proxy-settings.ts';

const proxy = (facts: Partial<ProxyServer>): ProxyServer => ({
  scheme: 'http',
  hostname: 'proxy.example',
  port: 3128,
  username: '',
  password: '',
  ...facts,
});
const read = (text: string) => proxySettings({ HTTPS_PROXY: text }).https;

describe('proxySettings', () => {
  it('takes each protocol’s proxy from its own variable', () => {
    const { http, https, isDirect } = proxySettings({
      HTTP_PROXY: 'http://a:1',
      https_proxy: 'http://b:2',
      NO_PROXY: 'c',
    });
    expect([http?.hostname, https?.hostname]).toEqual(['a', 'b']);
    expect([isDirect('c', 443), isDirect('d', 443)]).toEqual([true, false]);
  });

  it('prefers lower-case names', () => {
    expect(proxySettings({ HTTPS_PROXY: 'http://a:1', https_proxy: 'http://b:2' }).https?.hostname).toBe('b');
  });

  it('takes ALL_PROXY where nothing else is set, and an empty variable means none', () => {
    const { http, https } = proxySettings({ ALL_PROXY: 'socks5://a', http_proxy: '' });
    expect([http, https?.hostname]).toEqual([null, 'a']);
    expect(proxySettings({ all_proxy: 'b:1', ALL_PROXY: 'c:1' }).http?.hostname).toBe('b');
  });

  it('prefers an explicit proxy, and an empty one means none', () => {
    const env = { HTTPS_PROXY: 'http://a:1' };
    expect(proxySettings(env, 'http://b:2').https?.hostname).toBe('b');
    expect(proxySettings(env, '').https).toBeNull();
  });

  it.each<[string, ProxyServer]>([
    ['proxy.example:3128', proxy({})],
    ['http://proxy.example:3128/', proxy({})],
    ['HTTP://Proxy.Example:3128', proxy({})],
    ['http://proxy.example', proxy({ port: 80 })],
    ['https://proxy.example', proxy({ scheme: 'https', port: 443 })],
    ['https://proxy.example:80', proxy({ scheme: 'https', port: 80 })],
    ['socks5://proxy.example', proxy({ scheme: 'socks5', port: 1080 })],
    ['socks5h://proxy.example:9050', proxy({ scheme: 'socks5h', port: 9050 })],
    ['socks4://proxy.example', proxy({ scheme: 'socks4', port: 1080 })],
    ['socks4a://proxy.example', proxy({ scheme: 'socks4a', port: 1080 })],
    ['socks://proxy.example/', proxy({ scheme: 'socks4', port: 1080 })],
    ['http://[::1]:3128', proxy({ hostname: '::1' })],
    [
      'socks5://me:p%40ss@proxy.example',
      proxy({ scheme: 'socks5', port: 1080, username: 'me', password: 'p@ss' }),
    ],
    ['http://me:50%off@proxy.example:3128', proxy({ username: 'me', password: '50%off' })],
    ['http://me@proxy.example:3128', proxy({ username: 'me' })],
  ])('reads %s', (text, expected) => {
    expect(read(text)).toEqual(expected);
  });

  it.each(['ftp://user:secret@x', 'socks6://user:secret@x', 'quic://user:secret@x'])(
    'names a scheme that is not supported, and those that are: %s',
    (text) => {
      expect(() => read(text)).toThrow(expect.objectContaining({ code: 'BadRequest' }));
      expect(() => read(text)).toThrow(/^(?!.*secret).*HTTPS_PROXY begins with \w+:\/\/, .*socks5h:\/\//);
    },
  );

  it.each(['http://', 'http://user:secret@', 'http://a b', ':3128', 'http://x:99999'])(
    'rejects an invalid URL, without repeating a password: %s',
    (text) => {
      expect(() => read(text)).toThrow(/^(?!.*secret).*HTTPS_PROXY can’t be used/);
    },
  );
});
