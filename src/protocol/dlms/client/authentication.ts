/** How a client shows who it is, and how what it says is protected. */
import type { AssociateResult, Context } from "#protocol/dlms/apdu/association.ts";
import type { Mechanism, Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { Guard } from "./exchange.ts";

export interface Authentication {
  readonly context: Context;
  /** The mechanism that the AARQ names; undefined where it names none. */
  readonly named: Mechanism | undefined;
  /** The client's system title, where it has to say it. */
  readonly title: Uint8Array | undefined;
  readonly certificate?: Uint8Array | undefined;
  /** A password, or the client's challenge. */
  readonly value: Uint8Array | undefined;
  /** The InitiateRequest as it goes out. */
  protect(initiate: Uint8Array): Uint8Array;
  /** What comes back; throws DlmsError of what is not protected as it has to be. */
  unprotect(information: Uint8Array, title: Uint8Array | undefined, result: AssociateResult): Uint8Array;
  /** A key that is made for this association. */
  readonly dedicatedKey?: Uint8Array | undefined;
  /** What has to be agreed on besides, where it is. */
  readonly needs?: readonly Service[] | undefined;
  /** What protects messages; undefined where nothing does. */
  readonly guard: Guard | undefined;
  /** Of high mechanisms: what the client answers to the meter's challenge, and whether the meter's answer to its own is right. */
  readonly proof?: Proof | undefined;
}

export interface Proof {
  /** Throws DlmsError of a challenge that there is no answer to. */
  answer(challenge: Uint8Array): Uint8Array;
  isRight(answer: Uint8Array): boolean;
}

const plain = {
  context: "LN",
  title: undefined,
  guard: undefined,
  protect: (initiate: Uint8Array) => initiate,
  unprotect: (information: Uint8Array) => information,
} as const;

/** The public client: nobody in particular. */
export const nobody: Authentication = { ...plain, named: undefined, value: undefined };

/** Low-level security: a password that everybody on the line can read. */
export function byPassword(password: Uint8Array): Authentication {
  return { ...plain, named: "low", value: password };
}
