/** Exchanges of public stacks with each other, as they went over a wire (test/fixtures/dlms), and servers that answer from them. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import type { ApduServer, Carrying, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import type { HdlcSettings } from "#protocol/dlms/cosem/logical-device.ts";

export function fromHex(hex: string): Uint8Array {
  return Uint8Array.from(Buffer.from(hex.replaceAll(/\s/g, ""), "hex"));
}

export function toHex(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString("hex").toUpperCase();
}

export interface Exchange {
  readonly client: string;
  readonly server: string;
}

/** What a client sent, and what came back. What a server is said to have sent twice in a row, a log has twice. */
export function exchangesOf(file: string): readonly Exchange[] {
  const lines = readFileSync(new URL(`fixtures/dlms/${file}`, import.meta.url), "utf8").split("\n");
  const found: Exchange[] = [];
  let client: string | undefined;
  for (const line of lines) {
    const [who, hex = ""] = line.split(" ");
    if (who === "CLIENT") client = hex.trim();
    if (who !== "SERVER" || client === undefined) continue;
    found.push({ client, server: hex.trim() });
    client = undefined;
  }
  assert.ok(found.length > 0, file);
  return found;
}

/** As Appendix D of the JEMStar II's manual has them. */
export const usualHdlc: HdlcSettings = {
  physical: 17,
  maxInfoTransmit: 128,
  maxInfoReceive: 128,
  windowTransmit: 1,
  windowReceive: 1,
  segmentation: false,
  inactivityMs: 120_000,
  interFrameMs: 500,
};

/** A server whose answers are a function of the request; it remembers who has come and gone. */
export class AnsweringServer implements ApduServer {
  readonly opened: { readonly client: number; readonly server: number; readonly carrying: Carrying }[] = [];
  readonly requests: string[] = [];
  ended = 0;
  /** What its conversations say of themselves. */
  associated = true;
  readonly #answer: (apdu: Uint8Array) => ReturnType<Conversation["request"]>;

  constructor(answer: (apdu: Uint8Array) => ReturnType<Conversation["request"]>) {
    this.#answer = answer;
  }

  converse({ client, server }: { readonly client: number; readonly server: number }, carrying: Carrying): Conversation {
    this.opened.push({ client, server, carrying });
    const isAssociated = (): boolean => this.associated;
    return {
      get associated() {
        return isAssociated();
      },
      request: (apdu) => {
        this.requests.push(toHex(apdu));
        return this.#answer(apdu);
      },
      end: () => void this.ended++,
    };
  }
}
