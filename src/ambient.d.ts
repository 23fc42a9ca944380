/**
 * The few globals that the engine may use and that the language itself does not have: the same in Node, in a page and
 * in a worker, pure, and without a clock. Only `tsconfig.src.json` reads this file; with DOM types the real ones hold.
 */

declare class TextEncoder {
  encode(text?: string): Uint8Array<ArrayBuffer>;
}

declare class TextDecoder {
  constructor(label?: string, options?: { fatal?: boolean; ignoreBOM?: boolean });
  decode(bytes?: ArrayBufferView | ArrayBuffer): string;
}

declare function structuredClone<T>(value: T): T;
