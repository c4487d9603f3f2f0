/** Tags of what the APDUs of ACSE are made of, and the names in them (Green Book 9.4.2, 9.5 "ACSE-APDU"; ITU-T X.227). */
import { mechanisms, type Mechanism } from "#protocol/dlms/cosem/logical-device.ts";
import { contexts, type Context } from "./association.ts";

/** Universal types, and the choice charstring of Authentication-value. */
export const ber = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  charstring: 0x80,
} as const;

export const aarqElements = {
  "protocol-version": 0x80,
  "application-context-name": 0xa1,
  "calling-AP-title": 0xa6,
  "calling-AE-qualifier": 0xa7,
  "calling-AE-invocation-id": 0xa9,
  "sender-acse-requirements": 0x8a,
  "mechanism-name": 0x8b,
  "calling-authentication-value": 0xac,
  "user-information": 0xbe,
} as const;

export const aareElements = {
  "protocol-version": 0x80,
  "application-context-name": 0xa1,
  result: 0xa2,
  "result-source-diagnostic": 0xa3,
  "responding-AP-title": 0xa4,
  "responding-AE-qualifier": 0xa5,
  "responder-acse-requirements": 0x88,
  "mechanism-name": 0x89,
  "responding-authentication-value": 0xaa,
  "user-information": 0xbe,
} as const;

export const releaseElements = { reason: 0x80, "user-information": 0xbe } as const;

/** acse-service-user and acse-service-provider. */
export const diagnosticSources = { user: 0xa1, provider: 0xa2 } as const;

/** joint-iso-ccitt(2) country(16) country-name(756) identified-organisation(5) DLMS-UA(8), then 1 for contexts and 2 for mechanisms. */
const ROOT = [0x60, 0x85, 0x74, 0x05, 0x08] as const;
const CONTEXTS = 1;
const MECHANISMS = 2;
/** A bit string of which the first bit is set and seven are none: version 1, and the functional unit of authentication. */
export const FIRST_BIT = Uint8Array.of(0x07, 0x80);

export function hasFirstBit(bitString: Uint8Array): boolean {
  return ((bitString[1] ?? 0) & 0x80) !== 0;
}

function objectName(arc: number, number: number): Uint8Array {
  return Uint8Array.of(...ROOT, arc, number);
}

/** The last number of a name that DLMS has given; undefined of others. */
function numberOf(name: Uint8Array, arc: number): number | undefined {
  const isOurs = name.length === 7 && ROOT.every((byte, k) => name[k] === byte) && name[5] === arc;
  return isOurs ? name[6] : undefined;
}

function wordOf<Word extends string>(
  table: Readonly<Record<Word, number>>,
  number: number | undefined,
): Word | undefined {
  return (Object.keys(table) as Word[]).find((word) => table[word] === number);
}

export function contextOf(name: Uint8Array): Context | undefined {
  return wordOf(contexts, numberOf(name, CONTEXTS));
}

export function contextName(context: Context): Uint8Array {
  return objectName(CONTEXTS, contexts[context]);
}

export function mechanismOf(name: Uint8Array): Mechanism | undefined {
  return wordOf(mechanisms, numberOf(name, MECHANISMS));
}

export function mechanismName(mechanism: Mechanism): Uint8Array {
  return objectName(MECHANISMS, mechanisms[mechanism]);
}
