/** An association's two ends over a null modem: who accepts, with all that he is told; octets go in, octets come out. */
import { VirtualClock } from "#clock/virtual-clock.ts";
import { nullModem } from "#io/null-modem.ts";
import { acceptAssociations } from "#protocol/iec61850/osi/accept.ts";
import type { Association, AssociationAnswer, AssociationRequest } from "#protocol/iec61850/osi/association.ts";
import { fromHex, toHex } from "./mms-exchanges.ts";

/** An initiate response of libiec61850's. */
export const initiateResponse = fromHex(
  "a92680 0300fde8 810105 820105 83010a a416 800101 810305f100 820c03ee1c00000002000040ed18",
);

export interface Accepted {
  readonly clock: VirtualClock;
  readonly requests: AssociationRequest[];
  readonly pdus: string[];
  readonly overs: string[];
  readonly misunderstood: number;
  readonly association: Association | undefined;
  /** Whether the acceptor's end of the link is open. */
  readonly open: boolean;
  /** What has come since it was asked last. */
  heard(): string;
  send(hex: string): void;
  ask(hex: string): string;
  hangUp(): void;
}

/** `answer` is what becomes of a request: accepted unless said. */
export function accepting(
  answer: (request: AssociationRequest) => AssociationAnswer | Promise<AssociationAnswer> = () => ({
    accepted: true,
    initiate: initiateResponse,
  }),
  received?: (pdu: Uint8Array, association: Association) => void,
): Accepted {
  const clock = new VirtualClock();
  const [here, there] = nullModem();
  const [requests, pdus, overs]: [AssociationRequest[], string[], string[]] = [[], [], []];
  let misunderstood = 0;
  let association: Association | undefined;
  let heard = "";
  here.receive((bytes) => (heard += toHex(bytes)));
  acceptAssociations(there, {
    clock,
    accept(request) {
      requests.push(request);
      return answer(request);
    },
    user(one) {
      association = one;
      return {
        received(pdu) {
          pdus.push(toHex(pdu));
          received?.(pdu, one);
        },
        over: (how) => void overs.push(how),
      };
    },
    misunderstood: () => void misunderstood++,
  });
  const taken = (): string => {
    const all = heard;
    heard = "";
    return all;
  };
  return {
    clock,
    requests,
    pdus,
    overs,
    get misunderstood() {
      return misunderstood;
    },
    get association() {
      return association;
    },
    get open() {
      return there.open;
    },
    heard: taken,
    send: (hex) => here.send(fromHex(hex)),
    ask(hex) {
      taken();
      here.send(fromHex(hex));
      return taken();
    },
    hangUp: () => here.close(),
  };
}
