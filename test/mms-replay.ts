/** A server that knows only what another one has answered in an exchange: what it was not asked then, it cannot be asked. */
import type { VirtualClock } from "#clock/virtual-clock.ts";
import type { Link } from "#io/link.ts";
import { nullModem } from "#io/null-modem.ts";
import { decodePdu, pduBytes } from "#protocol/iec61850/mms/pdu.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import { connectionsOf, fromHex, toHex, type MmsFile } from "./mms-exchanges.ts";
import { initiateResponse } from "./mms-osi.ts";

/** A PDU with another number of its request. */
function numbered(bytes: Uint8Array, invokeId: number): Uint8Array {
  const pdu = decodePdu(bytes);
  return pdu.kind === "request" || pdu.kind === "response" || pdu.kind === "error"
    ? pduBytes({ ...pdu, invokeId })
    : bytes;
}

export interface Replaying {
  /** The client's end. */
  readonly link: Link;
  /** What was asked besides what was captured. */
  readonly unknown: readonly string[];
}

export function replaying(file: MmsFile, clock: VirtualClock): Replaying {
  const answers = new Map<string, Uint8Array[][]>();
  const unknown: string[] = [];
  for (const sent of connectionsOf(file)) {
    let last: Uint8Array[] | undefined;
    for (const { from, pdu } of sent) {
      if (pdu === undefined) continue;
      const bytes = fromHex(pdu);
      if (from === "server") last?.push(bytes);
      else if (pdu.startsWith("a0")) {
        last = [];
        const key = toHex(numbered(bytes, 0));
        answers.set(key, [...(answers.get(key) ?? []), last]);
      }
    }
  }
  const [here, there] = nullModem();
  acceptAssociations(there, {
    clock,
    accept: () => ({ accepted: true, initiate: initiateResponse }),
    user: (association) => ({
      received(bytes) {
        const pdu = decodePdu(bytes);
        if (pdu.kind === "concludeRequest") association.send(pduBytes({ kind: "concludeResponse" }));
        if (pdu.kind !== "request") return;
        const all = answers.get(toHex(numbered(bytes, 0)));
        const own = all !== undefined && all.length > 1 ? all.shift() : all?.[0];
        if (own === undefined) unknown.push(toHex(bytes));
        for (const answer of own ?? []) association.send(numbered(answer, pdu.invokeId));
      },
      over: () => {},
    }),
  });
  return { link: here, unknown };
}
