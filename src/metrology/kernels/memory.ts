/**
 * The one instance a process of the module that the *.as.ts beside this are compiled into, and its memory. Kernels keep nothing of a meter
 * in it: tables that all meters share, and a scratch into which a call copies what it works on. So ten thousand meters need no more of it than
 * one.
 */
import { wasm } from "./kernels.wasm.ts";

/** Addresses are in bytes. */
interface Kernels {
  readonly memory: { readonly buffer: ArrayBuffer; grow(pages: number): number };
  resample(
    ...of: [
      rows: number,
      taps: number,
      phases: number,
      exact: boolean,
      input: number,
      position: number,
      step: number,
      count: number,
      out: number,
    ]
  ): void;
  measureSizes(x: number, n: number, out: number): void;
  sumHalfCycle(v: number, i: number, n: number, before: number, out: number): void;
  interleave(x: number, y: number, half: number, z: number): void;
  radix2(x: number, y: number, m: number, s: number, w: number): void;
  radix3(x: number, y: number, m: number, s: number, w: number): void;
  radix4(x: number, y: number, m: number, s: number, w: number): void;
  radix5(x: number, y: number, m: number, s: number, w: number): void;
  lastRadix4(x: number, y: number, s: number): void;
  untangle(z: number, half: number, bins: number, w: number, out: number): void;
}

/** What the language has of it in Node and in browsers alike; its types are those of neither. */
declare const WebAssembly: {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
};

const PAGE = 65_536;

export const kernels = new WebAssembly.Instance(
  new WebAssembly.Module(Uint8Array.from(atob(wasm), (letter) => letter.charCodeAt(0))),
).exports as Kernels;

/** The first page is left alone: address 0 stands for nothing. */
let end = PAGE;
let doubles = new Float64Array(kernels.memory.buffer);
let scratchAt = 0;
let scratchBytes = 0;

/** The memory as 64-bit numbers; number k lies at address 8 k. What `take` and `scratch` do may replace it. */
export function memory(): Float64Array {
  return doubles;
}

/** Sets bytes aside for good; a multiple of 16 of an address. */
export function take(bytes: number): number {
  const at = end;
  end += 16 * Math.ceil(bytes / 16);
  const missing = end - kernels.memory.buffer.byteLength;
  if (missing > 0) {
    kernels.memory.grow(Math.ceil(missing / PAGE));
    doubles = new Float64Array(kernels.memory.buffer);
  }
  return at;
}

/** Where a call may work: the same place each time, as large as was ever asked for. */
export function scratch(bytes: number): number {
  if (bytes > scratchBytes) {
    // What it had before stays unused: it at least doubles, so that is no more than it has now.
    scratchBytes = Math.max(2 * scratchBytes, bytes, 8 * PAGE);
    scratchAt = take(scratchBytes);
  }
  return scratchAt;
}

/** Below so many numbers a loop is done before a view of them is made. */
const FEW = 40;

/** Copies source[from .. from + count) to number `to` of the memory. */
export function copyIn(source: Float64Array, from: number, count: number, to: number): void {
  if (count > FEW) doubles.set(source.subarray(from, from + count), to);
  else for (let k = 0; k < count; k++) doubles[to + k] = source[from + k]!;
}

/** Copies `n` numbers of a ring from `from` on to number `to` of the memory. */
export function copyRound(ring: Float64Array, from: number, n: number, to: number): void {
  if (!(from >= 0 && from < ring.length && n <= ring.length)) {
    throw new RangeError(`${n} samples from ${from} on, in a ring of ${ring.length}`);
  }
  const straight = Math.min(n, ring.length - from);
  copyIn(ring, from, straight, to);
  if (straight < n) copyIn(ring, 0, n - straight, to + straight);
}

/** Copies `count` numbers of the memory, from number `from` on, to target[to ...]. */
export function copyOut(from: number, count: number, target: Float64Array, to: number): void {
  if (count > FEW) target.set(doubles.subarray(from, from + count), to);
  else for (let k = 0; k < count; k++) target[to + k] = doubles[from + k]!;
}
