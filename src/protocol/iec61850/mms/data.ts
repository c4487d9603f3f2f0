/** Values of MMS as such (ISO 9506-2, Data), for who has no model of what he reads: clients, subscribers, decoders. */
export type Data =
  | { readonly kind: "array" | "structure"; readonly items: readonly Data[] }
  | { readonly kind: "boolean"; readonly value: boolean }
  /** The first `length` bits of the octets. */
  | { readonly kind: "bits"; readonly octets: Uint8Array; readonly length: number }
  /** bigint beyond 53 bits. */
  | { readonly kind: "integer" | "unsigned"; readonly value: number | bigint }
  | { readonly kind: "float"; readonly value: number; readonly width: 32 | 64 }
  | { readonly kind: "octets"; readonly value: Uint8Array }
  | { readonly kind: "visible" | "utf8" | "generalizedTime"; readonly value: string }
  /** Four or six octets: milliseconds since midnight, and days since 1984-01-01. */
  | { readonly kind: "binaryTime"; readonly octets: Uint8Array }
  /** Eight octets: seconds since 1970, a fraction of 24 bits, quality. */
  | { readonly kind: "utc"; readonly octets: Uint8Array }
  | { readonly kind: "bcd"; readonly value: number }
  | { readonly kind: "booleans"; readonly octets: Uint8Array; readonly length: number }
  | { readonly kind: "objectId"; readonly value: string };

/** What a variable is made of (TypeDescription). */
export type TypeDescription =
  | { readonly kind: "array"; readonly count: number; readonly of: TypeDescription }
  | {
      readonly kind: "structure";
      readonly fields: readonly { readonly name: string; readonly type: TypeDescription }[];
    }
  | { readonly kind: "boolean" | "utc" | "generalizedTime" | "bcd" | "objectId" }
  /** Bits, or octets; negative where it is at most so much. */
  | {
      readonly kind: "bits" | "integer" | "unsigned" | "octets" | "visible" | "utf8" | "booleans";
      readonly width: number;
    }
  | { readonly kind: "float"; readonly width: number; readonly exponent: number }
  /** With the date, six octets; without, four. */
  | { readonly kind: "binaryTime"; readonly date: boolean };

/** A variable or a list of them by name: in a domain, of the whole device, or of the association. */
export interface ObjectName {
  readonly scope: "domain" | "vmd" | "association";
  /** Of scope "domain". */
  readonly domain?: string | undefined;
  readonly item: string;
}
