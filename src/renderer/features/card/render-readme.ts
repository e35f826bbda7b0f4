import createDOMPurify, { type Config } from 'dompurify';
import MarkdownIt from 'markdown-it';
import { parsedAddress } from '../../ui/parsed-address.ts';

/**
 * Headings, text, lists, tables, code. No picture, frame, form, style, script or vector drawing, and no link that leads
 * anywhere.
 */
const TAGS = [
  ...['h1', 'h2', 'h3', 'h4', 'h5', 'h6', 'p', 'br', 'hr', 'blockquote', 'ul', 'ol', 'li', 'dl', 'dt', 'dd'],
  ...[
    'table',
    'thead',
    'tbody',
    'tr',
    'th',
    'td',
    'caption',
    'pre',
    'code',
    'kbd',
    'samp',
    'strong',
    'b',
    'em',
    'i',
  ],
  ...['del', 's', 'sub', 'sup', 'u', 'span', 'div', 'details', 'summary', 'a', 'img'],
];
/** `href` and `alt` are read and removed in the end. */
const CONFIG: Config & { RETURN_DOM_FRAGMENT: true } = {
  ALLOWED_TAGS: TAGS,
  ALLOWED_ATTR: ['href', 'alt', 'colspan', 'rowspan', 'start'],
  ALLOW_DATA_ATTR: false,
  ALLOW_ARIA_ATTR: false,
  KEEP_CONTENT: true,
  RETURN_DOM_FRAGMENT: true,
};
/** Deeper than any text: markdown-it stops there, so that a text made to exhaust it costs nothing. */
const MAX_NESTING = 20;
/** A table wider than this is made to exhaust the layout. */
const MAX_SPAN = 20;

const markdown = new MarkdownIt('commonmark', { html: true, linkify: false, maxNesting: MAX_NESTING }).enable(
  ['table', 'strikethrough'],
);
const purify = createDOMPurify(window);

// Styles do not pass the sanitizer. They are removed first, because the page's policy reports each one that is parsed.
const STYLES = /\sstyle\s*=\s*(?:"[^"]{0,2000}"|'[^']{0,2000}'|[^\s>"']{1,2000})|<\/?style\b[^>]{0,200}>/gi;
const renderToken = markdown.renderer.renderToken.bind(markdown.renderer);
markdown.renderer.renderToken = (tokens, index, options) => {
  const token = tokens[index];
  if (token?.attrs) token.attrs = token.attrs.filter(([name]) => name !== 'style');
  return renderToken(tokens, index, options);
};
for (const rule of ['html_block', 'html_inline']) {
  markdown.renderer.rules[rule] = (tokens, index) => tokens[index]?.content.replaceAll(STYLES, '') ?? '';
}

/** Pages that may be opened in the browser: main checks each again (`shell.open`). */
const PAGES = /^https:\/\/(www\.)?huggingface\.co(\/|$)/;

/**
 * Makes a README safe to show: hostile text by whoever wrote it. The output has no URL that is loaded or followed; a
 * link becomes a button to a page of the Hub, or its text with the host it names.
 */
export function renderReadme(text: string, openPage: (url: string) => void): DocumentFragment {
  const fragment = sanitized(text);
  for (const element of fragment.querySelectorAll('*')) bound(element);
  for (const image of fragment.querySelectorAll('img')) image.replaceWith(pictureText(image));
  for (const link of fragment.querySelectorAll('a')) link.replaceWith(...linkNodes(link, openPage));
  // The headings above these belong to the dialog.
  for (const heading of fragment.querySelectorAll('h1, h2, h3, h4, h5, h6'))
    heading.replaceWith(lower(heading));
  return fragment;
}

/** What is nested too deep for a parser is shown as it was written. */
function sanitized(text: string): DocumentFragment {
  try {
    return purify.sanitize(markdown.render(text), CONFIG);
  } catch {
    const fragment = document.createDocumentFragment();
    fragment.append(document.createElement('p'));
    fragment.firstElementChild?.append(text);
    return fragment;
  }
}

/** Limits spans and list numbers to small numbers. */
function bound(element: Element): void {
  for (const name of ['colspan', 'rowspan', 'start']) {
    const value = element.getAttribute(name);
    if (value !== null && !(Number(value) >= 0 && Number(value) <= MAX_SPAN)) element.removeAttribute(name);
  }
}

function pictureText(image: Element): Node {
  const text = image.getAttribute('alt')?.trim() ?? '';
  return document.createTextNode(text === '' ? '' : `[${text}]`);
}

function linkNodes(link: Element, openPage: (url: string) => void): Node[] {
  const address = link.getAttribute('href') ?? '';
  const content = [...link.childNodes];
  if (PAGES.test(address)) {
    const button = document.createElement('button');
    button.type = 'button';
    button.title = address;
    button.addEventListener('click', () => openPage(address));
    button.append(...content);
    return [button];
  }
  const host = (/^https?:\/\//i.test(address) && parsedAddress(address)?.hostname) || '';
  const isNamed = host === '' || (link.textContent ?? '').includes(host);
  return isNamed ? content : [...content, document.createTextNode(` (${host})`)];
}

function lower(heading: Element): Element {
  const level = Math.min(6, Number(heading.localName.slice(1)) + 2);
  const lowered = document.createElement(`h${level}`);
  lowered.append(...heading.childNodes);
  return lowered;
}

/** Returns the start of a long text, up to the end of a paragraph. */
export function beginningOf(text: string, characters: number): string {
  if (text.length <= characters) return text;
  const end = text.lastIndexOf('\n\n', characters);
  return text.slice(0, end > characters / 2 ? end : characters).toWellFormed();
}
