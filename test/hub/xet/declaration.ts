import type { CutRule } from '../../../src/engine/sources/xet/kernel/limits.ts';

/** How a file lies in Xet storage. */
export interface XetDeclaration {
  /** By which rule its uploader cut; `modern` by default. */
  readonly rule?: CutRule;
  /** How chunks are packed; `mixed` takes the schemes in turn. `stored` by default, which also needs no memory. */
  readonly scheme?: 'stored' | 'lz4' | 'grouped-lz4' | 'mixed';
  /** A xorb is closed when the next chunk would pass so many bytes; 64 MiB by default, as uploaders do. */
  readonly xorbBytes?: number;
  /**
   * `whole`, the default: each term is a whole xorb. `shared-tail`: the last xorb holds chunks of another file behind those of
   * this one. `mid-xorb`: each xorb holds other chunks before and behind.
   */
  readonly layout?: 'whole' | 'shared-tail' | 'mid-xorb';
  /** Runs of so many chunks that came before in the file are not stored again; never by default. */
  readonly repeatsFrom?: number;
  /** Runs of so many chunks that other files of the Hub without this have are not stored again; never by default. */
  readonly sharesFrom?: number;
}

/** Largest xorb of an uploader, in bytes. Source: huggingface/xet-core, constants.rs. */
export const DEFAULT_XORB_BYTES = 64 * 1024 * 1024;
/** Most chunks in one xorb. */
export const MAX_XORB_CHUNKS = 8192;
