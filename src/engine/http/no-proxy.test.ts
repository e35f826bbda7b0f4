import { describe, expect, it } from 'vitest';
import { directHosts } from './no-proxy.ts';

const isDirect = (noProxy: string, host: string, port = 443) => directHosts(noProxy)(host, port);

describe('NO_PROXY', () => {
  it.each([
    ['hub.example', 'hub.example'],
    ['HUB.Example', 'hub.example'],
    ['example', 'cdn.hub.example'],
    ['.hub.example', 'cdn.hub.example'],
    ['.hub.example', 'hub.example'],
    ['*.hub.example', 'cdn.hub.example'],
    ['other, hub.example', 'hub.example'],
    ['other hub.example', 'hub.example'],
    ['other,,  hub.example,', 'hub.example'],
    ['hub.example.', 'hub.example'],
    ['*', 'hub.example'],
    ['a,*', 'hub.example'],
    ['127.0.0.1', '127.0.0.1'],
    ['192.168.0.0/16', '192.168.77.1'],
    ['10.0.0.0/8', '10.1.2.3'],
    ['fe80::/10', '[fe80::1]'],
    ['::1', '[::1]'],
    ['[::1]', '[::1]'],
    ['0:0:0:0:0:0:0:1', '[::1]'],
    ['hub.example:443', 'hub.example'],
    ['[::1]:443', '[::1]'],
  ])('%s names %s', (noProxy, host) => {
    expect(isDirect(noProxy, host)).toBe(true);
  });

  it.each([
    ['', 'hub.example'],
    ['hub.example', 'myhub.example'],
    ['hub.example', 'hub.example.org'],
    ['192.168.0.0/16', '192.169.0.1'],
    ['192.168.0.0/99', '192.168.0.1'],
    ['0.0.1', '127.0.0.1'],
    ['10.0.0.0/8', 'ten.example'],
    ['fe80::/10', '10.0.0.1'],
    ['hub.example:8080', 'hub.example'],
    ['.', 'hub.example'],
    ['*.', 'hub.example'],
  ])('%s does not name %s', (noProxy, host) => {
    expect(isDirect(noProxy, host)).toBe(false);
  });
});
