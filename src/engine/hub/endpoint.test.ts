import { describe, expect, it } from 'vitest';
import { isHubUrl, parseEndpoint } from './endpoint.ts';

describe('parseEndpoint', () => {
  it.each([
    ['https://huggingface.co', 'https://huggingface.co', 'huggingface.co'],
    [' https://huggingface.co/ ', 'https://huggingface.co', 'huggingface.co'],
    ['http://127.0.0.1:8080', 'http://127.0.0.1:8080', '127.0.0.1:8080'],
    ['https://Mirror.example:443/hf//', 'https://mirror.example/hf', 'mirror.example'],
  ])('reads %j', (text, url, host) => {
    expect(parseEndpoint(text)).toMatchObject({ url, host });
  });

  it.each([
    ['', 'not a URL'],
    ['huggingface.co', 'not a URL'],
    ['ftp://huggingface.co', 'https://'],
    ['file:///etc', 'https://'],
    ['https://user:secret@hub.example', 'password'],
    ['https://hub.example/?a=b', '?'],
    ['https://hub.example/#a', '#'],
  ])('refuses %j and says why, without repeating it', (text, why) => {
    const parse = () => parseEndpoint(text);
    expect(parse).toThrow(
      expect.objectContaining({ code: 'BadRequest', message: expect.stringContaining(why) }),
    );
    expect(parse).toThrow(/^(?!.*secret)/);
  });
});

describe('isHubUrl', () => {
  const endpoint = parseEndpoint('https://hub.example/prefix');

  it.each([
    ['https://hub.example/other', true],
    ['https://HUB.example:443/x', true],
    ['http://hub.example/x', false],
    ['https://hub.example:8443/x', false],
    ['https://hub.example.evil.example/x', false],
    ['https://hub.example@evil.example/x', false],
    ['https://cdn.hub.example/x', false],
    ['/relative', false],
  ])('for %s gives %j', (url, expected) => {
    expect(isHubUrl(endpoint, url)).toBe(expected);
  });
});
