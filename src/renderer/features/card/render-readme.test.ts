// @vitest-environment jsdom
import { describe, expect, it, vi } from 'vitest';
import { beginningOf, renderReadme } from './render-readme.ts';

const open = vi.fn();
function render(text: string): HTMLElement {
  const box = document.createElement('div');
  box.append(renderReadme(text, open));
  return box;
}

describe('a README', () => {
  it('keeps headings below those of the window, lists, tables and code', () => {
    const box = render(
      '# Title\n\n- one\n- two\n\n| a | b |\n| --- | ---: |\n| 1 | 2 |\n\n```python\nx = 1 < 2\n```\n',
    );
    expect(box.querySelector('h3')?.textContent).toBe('Title');
    expect(box.querySelectorAll('li, td, th')).toHaveLength(6);
    expect(box.querySelector('pre')?.textContent).toBe('x = 1 < 2\n');
    expect(box.querySelector('[style], [class], [id]')).toBeNull();
  });

  it.each([
    '<script>alert(1)</script>',
    '<img src=x onerror=alert(1)>',
    '<svg><script>alert(1)</script></svg>',
    '<math><mtext><table><mglyph><style><img src=x onerror=alert(1)>',
    '<iframe src="https://evil.example"></iframe>',
    '<object data="x"></object><embed src="x"><link rel=stylesheet href=x>',
    '<form action="https://evil.example"><input name=a><button>Send</button></form>',
    '<div style="position:fixed;inset:0;background:red" class="dialog" id="root">cover</div>',
    '<style>*{display:none}</style>',
    '<base href="https://evil.example/"><meta http-equiv=refresh content="0;url=https://evil.example">',
    '<a href="javascript:alert(1)">x</a> [y](javascript:alert(1)) [z](data:text/html,x)',
    '<a href="https://evil.example" target=_blank ping="https://evil.example">x</a>',
    '![picture](https://evil.example/pixel.png) <img src="file:///etc/passwd" alt="secret">',
    '<video src=x autoplay></video><audio src=x></audio><picture><source srcset=x></picture>',
    '<details open ontoggle=alert(1)><summary>x</summary></details>',
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    '<template><img src=x onerror=alert(1)></template>',
    '<p dir=rtl lang=x contenteditable tabindex=1 accesskey=x data-row=1 aria-label=x popover>x</p>',
    `<table><td colspan=99999999 rowspan=99999999>x</td></table>`,
  ])('comes out without anything that acts, loads, leads away or covers: %s', (text) => {
    const box = render(text);
    for (const element of box.querySelectorAll('*')) {
      expect(element.localName).not.toMatch(
        /^(script|style|svg|math|img|iframe|object|embed|link|form|input|base|meta|video|audio|a)$/,
      );
      for (const { name } of element.attributes) expect(['colspan', 'rowspan', 'start']).toContain(name);
    }
    expect(box.innerHTML).not.toMatch(/<[^>]*(javascript:|onerror|99999)/);
  });

  it('tells what a picture shows, and the host of a link that is not followed', () => {
    const box = render('![A llama](https://a.example/x.png) and [docs](https://b.example/page)');
    expect(box.textContent?.trim()).toBe('[A llama] and docs (b.example)');
  });

  it('opens pages of the Hub by a button, and no others', () => {
    const box = render(
      '[license](https://huggingface.co/org/name) [bad](https://huggingface.co.evil.example/x)',
    );
    const buttons = box.querySelectorAll('button');
    expect([...buttons].map(({ textContent, title }) => [textContent, title])).toEqual([
      ['license', 'https://huggingface.co/org/name'],
    ]);
    buttons[0]?.click();
    expect(open).toHaveBeenCalledWith('https://huggingface.co/org/name');
  });

  it('that is made to exhaust the reader is shown as far as that goes', () => {
    for (const text of [
      '['.repeat(12_000),
      '>'.repeat(12_000),
      '<'.repeat(12_000),
      '*a '.repeat(4000),
      `${'<b>'.repeat(4000)}x`,
    ])
      expect(render(text).textContent).not.toBe('');
  });
});

describe('the beginning of a long text', () => {
  it('ends with a paragraph, and a short text is whole', () => {
    expect(beginningOf('one\n\ntwo\n\nthree', 9)).toBe('one\n\ntwo');
    expect(beginningOf('short', 9)).toBe('short');
    expect(beginningOf('x'.repeat(99), 9)).toBe('x'.repeat(9));
  });
});
