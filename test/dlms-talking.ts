/** Talking with a server of DLMS/COSEM in hex, without a socket. */
import assert from "node:assert/strict";
import type { Addresses, ApduServer, Carrying, Conversation } from "#protocol/dlms/apdu/conversation.ts";
import { dlmsServer } from "#protocol/dlms/server/dlms-server.ts";
import { fromHex, toHex } from "./dlms-exchanges.ts";
import { TestHost, type HostOptions } from "./dlms-host.ts";

export interface Talking {
  readonly host: TestHost;
  readonly server: ApduServer;
  readonly conversation: Conversation;
  /** The answer in hex; undefined where there is none. */
  ask(hex: string): Promise<string | undefined>;
}

export function carrying(peer = "127.0.0.1:50214", longest?: number): Carrying {
  return { peer, near: true, longest, push: () => {} };
}

export function asker(conversation: Conversation | undefined): Talking["ask"] {
  assert.ok(conversation);
  return async (hex) => {
    const answer = await conversation.request(fromHex(hex));
    return answer && toHex(answer);
  };
}

export function talking(options: HostOptions = {}, addresses: Partial<Addresses> = {}, longest?: number): Talking {
  const host = new TestHost(options);
  const server = dlmsServer(host, { port: "ethernet 1" });
  const conversation = server.converse({ client: 16, server: 1, ...addresses }, carrying(undefined, longest));
  assert.ok(conversation);
  return { host, server, conversation, ask: asker(conversation) };
}

/** An AARQ of logical names without ciphering; `mechanism` with its value, what is proposed and the longest PDU. */
export function aarq({ proposed = "00FE1D", pdu = "FFFF", acse = "", version = "06", before = "000000" } = {}): string {
  const information = `01${before}${version}5F1F0400${proposed}${pdu}`;
  const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, "0");
  const inside = `A109060760857405080101${acse}BE${length(`0400${information}`)}04${length(information)}${information}`;
  return `60${length(inside)}${inside}`.toUpperCase();
}

export function aare({
  result = "00",
  source = "A1",
  code = "00",
  information = "0800065F1F0400001E1D04000007",
} = {}): string {
  const length = (hex: string): string => (hex.length / 2).toString(16).padStart(2, "0");
  const user = information === "" ? "" : `BE${length(`0400${information}`)}04${length(information)}${information}`;
  const inside = `A109060760857405080101A2030201${result}A305${source}030201${code}${user}`;
  return `61${length(inside)}${inside}`.toUpperCase();
}

/** Low-level security with a password of five letters. */
export function low(password: string): string {
  const hex = toHex(Uint8Array.from(password, (letter) => letter.charCodeAt(0)));
  return aarq({ acse: `8A0207808B0760857405080201AC0${password.length + 2}800${password.length}${hex}` });
}
export const RLRQ = "6203800100";
export const RLRE = "6303800100";
export const GET_VALUE = "C0014200030100010700FF0200";
export const VALUE = "C4014200060012D687";
export const NOT_ASSOCIATED = "D80101";
