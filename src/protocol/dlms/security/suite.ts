/** What belongs to a security suite (Green Book 9.2.3.7, table 22): lengths of keys, the curve, the name of the cipher in agreed keys. */
import type { Curve } from "#io/curves.ts";
import type { SuiteId } from "./protection.ts";

export interface Suite {
  /** Bytes of an AES key: encryption, authentication, master. */
  readonly keyLength: 16 | 32;
  /** Of signatures and agreed keys; suite 0 has neither. */
  readonly curve?: Curve;
  /** AlgorithmID of what an agreed key is for: 2.16.756.5.8.3.0 is AES-GCM-128, .1 AES-GCM-256. */
  readonly algorithm?: Uint8Array;
}

export const suites: Readonly<Record<SuiteId, Suite>> = {
  0: { keyLength: 16 },
  1: { keyLength: 16, curve: "P-256", algorithm: Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x03, 0x00) },
  2: { keyLength: 32, curve: "P-384", algorithm: Uint8Array.of(0x60, 0x85, 0x74, 0x05, 0x08, 0x03, 0x01) },
};
