/** Passes 3 and 4 of high-level security (Green Book 9.2.7.4.4): the client answers the server's challenge, and the server the client's. */
import type { MethodReference, Xdlms } from "#protocol/dlms/apdu/apdu.ts";
import { answerTo, isAnswer, type Proving } from "#protocol/dlms/security/high-level.ts";
import { ASSOCIATION_CLASS, CURRENT_ASSOCIATION, REPLY_TO_HLS } from "./association-object.ts";
import type { Association, Challenges } from "./association.ts";
import { associationName } from "./made-objects.ts";

export interface Reply {
  readonly invoke: number;
  /** f(StoC) */
  readonly proof: Uint8Array;
}

/** What pass 3 is, where a request is that. */
export function replyOf(request: Xdlms, { device, client }: Association): Reply | undefined {
  if (request.apdu !== "action-request-normal" || request.parameters?.type !== "octet-string") return undefined;
  const { classId, logicalName, method }: MethodReference = request.method;
  const isCurrent = logicalName === CURRENT_ASSOCIATION || logicalName === associationName(device, client);
  if (classId !== ASSOCIATION_CLASS || method !== REPLY_TO_HLS || !isCurrent) return undefined;
  return { invoke: request.invoke, proof: request.parameters.value };
}

/** As the client sees it, who was asked by the server. */
function clientProving({ device }: Association, challenges: Challenges, secret: Uint8Array): Proving {
  const { mechanism, fromServer, fromClient, clientTitle } = challenges;
  return {
    mechanism,
    asked: fromServer,
    own: fromClient,
    title: clientTitle,
    peerTitle: device.systemTitle,
    secret,
  };
}

export function isProof(
  association: Association,
  challenges: Challenges,
  proof: Uint8Array,
  secret: Uint8Array,
): boolean {
  return isAnswer(proof, clientProving(association, challenges, secret), association.protection?.party.keys);
}

/** f(CtoS); undefined where the server has nothing to prove itself by. */
export function serverProof(
  { device, client, protection }: Association,
  challenges: Challenges,
): Uint8Array | undefined {
  const { mechanism, fromServer, fromClient, clientTitle } = challenges;
  const proving = {
    mechanism,
    asked: fromClient,
    own: fromServer,
    title: device.systemTitle,
    peerTitle: clientTitle,
    secret: client.secret(mechanism),
  };
  return answerTo(proving, protection?.party.keys);
}
