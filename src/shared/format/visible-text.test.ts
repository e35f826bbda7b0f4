import { expect, it } from 'vitest';
import { visibleText } from './visible-text.ts';

it.each([
  ['photo\u202Egpj.exe', 'photo⟨U+202E⟩gpj.exe'],
  ['a\u200Bb', 'a⟨U+200B⟩b'],
  ['line\nbreak', 'line⟨U+000A⟩break'],
  ['tag\u{E0041}', 'tag⟨U+E0041⟩'],
  ['\uFEFFmodel.bin', '⟨U+FEFF⟩model.bin'],
])('writes out what cannot be seen in %j', (name, text) => {
  expect(visibleText(name)).toBe(text);
});

it.each(['model-00001-of-00008.safetensors', 'Größe/日本語.bin', 'שלום.txt', 'with space'])(
  'leaves %s alone',
  (name) => {
    expect(visibleText(name)).toBe(name);
  },
);
