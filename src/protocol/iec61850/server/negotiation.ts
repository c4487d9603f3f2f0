/** What client and server can and will do (ISO 9506-2, 8.2; IEC 61850-8-1, 8.1.2 and 10): agreed on with the association. */
import { limits } from "#quantity/limits.ts";
import { BerReader } from "#wire/ber.ts";
import {
  bitsWith,
  decodeInitiate,
  hasBit,
  parameterBits,
  serviceBits,
  type Initiate,
} from "#protocol/iec61850/mms/initiate.ts";
import { pduBytes, pduTags } from "#protocol/iec61850/mms/pdu.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { ServerSettings } from "./host.ts";

export interface Agreed {
  readonly maxPdu: number;
  /** Requests of the client that may be under way, and requests of the server. */
  readonly outstanding: number;
  readonly response: Uint8Array;
}

/** Structures within each other: a logical node has six. */
const NESTING = 10;

const PARAMETERS = 11;
const SERVICES = 85;

const ownServices = (
  [
    "status",
    "getNameList",
    "identify",
    "read",
    "write",
    "getVariableAccessAttributes",
    "defineNamedVariableList",
    "getNamedVariableListAttributes",
    "deleteNamedVariableList",
    "obtainFile",
    "readJournal",
    "fileOpen",
    "fileRead",
    "fileClose",
    "fileDelete",
    "fileDirectory",
    "informationReport",
    "conclude",
    "cancel",
  ] as const
).map((name) => serviceBits[name]);

/** Throws WireError of what is no initiate. */
export function negotiate(pdu: Uint8Array, settings: ServerSettings): Agreed | ServiceError {
  const asked = decodeInitiate(new BerReader(pdu).expect(pduTags.initiateRequest, "an initiate"));
  const maxPdu = Math.min(asked.maxPdu ?? settings.maxPdu, settings.maxPdu);
  // max-segment-insufficient, max-services-outstanding-calling-insufficient, parameter-CBB-insufficient.
  if (maxPdu < limits.mms.leastPdu) return { class: "initiate", code: 2 };
  if (asked.calling < 1) return { class: "initiate", code: 3 };
  if (!hasBit(asked.parameters, parameterBits.vnam)) return { class: "initiate", code: 6 };
  const calling = Math.min(asked.calling, settings.outstanding);
  const initiate: Initiate = {
    maxPdu,
    calling,
    called: Math.min(Math.max(asked.called, 0), settings.outstanding),
    nesting: Math.min(asked.nesting ?? NESTING, NESTING),
    version: 1,
    parameters: bitsWith(
      PARAMETERS,
      Object.values(parameterBits).filter((bit) => hasBit(asked.parameters, bit)),
    ),
    services: bitsWith(SERVICES, ownServices),
  };
  return { maxPdu, outstanding: calling, response: pduBytes({ kind: "initiateResponse", initiate }) };
}
