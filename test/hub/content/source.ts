import { bytesContent } from './bytes.ts';
import type { Content } from './content.ts';
import { diskContent } from './disk.ts';
import { type SeededSource, seededContent } from './seeded.ts';

/** Where the bytes of a file come from; plain data, so that it can be sent to a worker thread. */
export type ContentSource =
  | ({ readonly kind: 'seeded' } & SeededSource)
  | { readonly kind: 'disk'; readonly file: string }
  | { readonly kind: 'bytes'; readonly content: string | Uint8Array };

/** The content of a source. Throws when a file on disk is missing or a size cannot hold its format. */
export function contentOf(source: ContentSource): Content {
  switch (source.kind) {
    case 'seeded':
      return seededContent(source);
    case 'disk':
      return diskContent(source.file);
    case 'bytes':
      return bytesContent(Buffer.from(source.content as string));
  }
}

/** Bytes of a source, without making its content. Throws when a file on disk is missing. */
export function sizeOf(source: ContentSource): number {
  switch (source.kind) {
    case 'seeded':
      return source.size;
    case 'disk':
      return diskContent(source.file).size;
    case 'bytes':
      return Buffer.byteLength(source.content);
  }
}
