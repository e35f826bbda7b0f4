/**
 * The part of WebAssembly that the engine uses. TypeScript has these types only together with those of a page, which
 * the engine must not know.
 */
declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Module {
    readonly [Symbol.toStringTag]: string;
  }
  interface Instance {
    readonly exports: Readonly<Record<string, unknown>>;
  }
  var Module: new (bytes: Uint8Array<ArrayBuffer>) => Module;
  var Instance: new (module: Module) => Instance;
}
