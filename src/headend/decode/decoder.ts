/** What a message is, and what it says: DLMS/COSEM whatever carries it, texts of P1 ports, SML. */
import type { Annotated } from "./annotated.ts";
import type { ApduSettings } from "./dlms-apdus.ts";
import { DlmsMessages } from "./dlms-frames.ts";
import { annotateSml, isSml } from "./sml.ts";
import { annotateTelegram, isTelegram } from "./telegram.ts";

export const protocols = ["dlms", "p1", "sml"] as const;
export type Protocol = (typeof protocols)[number];

export interface Decoded {
  readonly protocol: Protocol;
  readonly fields: readonly Annotated[];
}

/** DLMS is what is neither of the others, which begin with what nothing else does. */
export function protocolOf(bytes: Uint8Array): Protocol {
  return isSml(bytes) ? "sml" : isTelegram(bytes) ? "p1" : "dlms";
}

/** Messages of one exchange, in order. */
export class Decoder {
  readonly #dlms: DlmsMessages;

  constructor(settings: ApduSettings = {}) {
    this.#dlms = new DlmsMessages(settings);
  }

  /** As `protocol`, and where that is not known, as what it is. */
  decode(bytes: Uint8Array, protocol: Protocol = protocolOf(bytes)): Decoded {
    switch (protocol) {
      case "sml":
        return { protocol, fields: annotateSml(bytes) };
      case "p1":
        return { protocol, fields: annotateTelegram(bytes) };
      case "dlms":
        return { protocol, fields: this.#dlms.annotate(bytes) };
    }
  }
}
