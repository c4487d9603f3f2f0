/**
 * A notification as its client has it: of one who must cipher it goes in a general-glo-ciphering, authenticated and encrypted under the global keys of
 * both (Green Book 9.2.7.2.3), of others as it is.
 */
import type { DlmsClient } from "./cosem/logical-device.ts";
import { Party, serverKeys } from "./security/party.ts";
import { isUnprotectable, protect } from "./security/protect.ts";

export interface PushClient extends Pick<DlmsClient, "sap" | "ciphering" | "security"> {
  /** System title of the meter. */
  readonly systemTitle: Uint8Array;
}

const style = { kind: "general-global", authenticated: true, encrypted: true } as const;

/** Throws an Error with why it cannot be: nothing leaves as it is that must be ciphered. `client` is undefined of somebody who may not associate. */
export function protectedPush(apdu: Uint8Array, client: PushClient | undefined): Uint8Array {
  if (client?.ciphering !== "must") return apdu;
  const { sap, security, systemTitle } = client;
  if (security === undefined) throw new Error(`client ${sap} must cipher, and has no keys`);
  const made = protect(apdu, style, new Party({ keys: serverKeys(security), own: systemTitle }));
  if (isUnprotectable(made)) throw new Error(`client ${sap} must cipher: ${made.words}`);
  return made;
}
