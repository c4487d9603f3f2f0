/** What a message is, and what it says: DLMS/COSEM whatever carries it, DNP3, IEC 60870-5-102, IEC 61850 (MMS, GOOSE, sampled values), Modbus, SNMP, texts of P1 ports, SML. */
import type { Annotated } from "./annotated.ts";
import type { ApduSettings } from "./dlms-apdus.ts";
import { carryingOf, DlmsMessages } from "./dlms-frames.ts";
import { beginsDnp3, Dnp3Messages } from "./dnp3-frames.ts";
import { annotateGoose, beginsGoose } from "./goose-frames.ts";
import { annotateIec102, isIec102 } from "./iec102.ts";
import { beginsTpkt, MmsMessages } from "./mms-frames.ts";
import { ModbusMessages, type ModbusFraming, type ModbusWay } from "./modbus-frames.ts";
import { annotateSnmp } from "./snmp-messages.ts";
import { annotateSml, isSml } from "./sml.ts";
import { annotateSv, beginsSv } from "./sv-frames.ts";
import { annotateTelegram, isTelegram } from "./telegram.ts";

export const protocols = ["dlms", "dnp3", "goose", "iec102", "mms", "modbus", "p1", "sml", "snmp", "sv"] as const;
export type Protocol = (typeof protocols)[number];

export interface Decoded {
  readonly protocol: Protocol;
  readonly fields: readonly Annotated[];
}

/**
 * DLMS is what is none of the others, which begin with what nothing else does. A fragment of DNP3 without its frame has to be called so, as a PDU of MMS without its packet has; long
 * frames of IEC 60870-5-102 begin as those of M-Bus do, and are taken for these unless they are said to be others. Modbus and SNMP have to be
 * called so.
 */
export function protocolOf(bytes: Uint8Array): Protocol {
  if (beginsDnp3(bytes)) return "dnp3";
  if (beginsTpkt(bytes)) return "mms";
  if (beginsGoose(bytes)) return "goose";
  if (beginsSv(bytes)) return "sv";
  if (isSml(bytes)) return "sml";
  if (isTelegram(bytes)) return "p1";
  return carryingOf(bytes) === undefined && isIec102(bytes) ? "iec102" : "dlms";
}

/** Messages of one exchange, in order. */
export class Decoder {
  readonly #dlms: DlmsMessages;
  readonly #dnp3 = new Dnp3Messages();
  readonly #mms = new MmsMessages();
  readonly #modbus = new ModbusMessages();

  constructor(settings: ApduSettings = {}) {
    this.#dlms = new DlmsMessages(settings);
  }

  /** As `protocol`, and where that is not known, as what it is; `known` is what a message itself does not say. */
  decode(
    bytes: Uint8Array,
    protocol: Protocol = protocolOf(bytes),
    known: { readonly way?: ModbusWay; readonly framing?: ModbusFraming } = {},
  ): Decoded {
    switch (protocol) {
      case "sml":
        return { protocol, fields: annotateSml(bytes) };
      case "sv":
        return { protocol, fields: annotateSv(bytes) };
      case "p1":
        return { protocol, fields: annotateTelegram(bytes) };
      case "dnp3":
        return { protocol, fields: this.#dnp3.annotate(bytes) };
      case "mms":
        return { protocol, fields: this.#mms.annotate(bytes) };
      case "modbus":
        return { protocol, fields: this.#modbus.annotate(bytes, known) };
      case "snmp":
        return { protocol, fields: annotateSnmp(bytes) };
      case "goose":
        return { protocol, fields: annotateGoose(bytes) };
      case "iec102":
        return { protocol, fields: annotateIec102(bytes) };
      case "dlms":
        return { protocol, fields: this.#dlms.annotate(bytes) };
    }
  }
}
