/** An AARQ, judged: what was asked for and can be had, or why not. Who the client is, is asked after that. */
import { WireError } from "#wire/cursor.ts";
import type { Aarq, InitiateRequest } from "#protocol/dlms/apdu/association.ts";
import { decodeInitiateRequest } from "#protocol/dlms/apdu/initiate.ts";
import type {
  ClientSecurity,
  DlmsClient,
  DlmsHost,
  LogicalDevice,
  Mechanism,
} from "#protocol/dlms/cosem/logical-device.ts";
import { TITLE_LENGTH } from "#protocol/dlms/security/ciphering.ts";
import { isHighLevel, wrongChallenge, type HighLevel } from "#protocol/dlms/security/high-level.ts";
import { Party, serverKeys } from "#protocol/dlms/security/party.ts";
import { lacking, policyOf } from "#protocol/dlms/security/policy.ts";
import { doneBy, type Style } from "#protocol/dlms/security/style.ts";
import { isRefusedApdu } from "#protocol/dlms/security/unprotect.ts";
import type { Challenges, Protected } from "./association.ts";
import { openedInformation, overheadOf } from "./guard.ts";
import {
  agreementOn,
  contextFor,
  isRejection,
  mechanismFor,
  rejected,
  rejectedByProvider,
  type Agreement,
  type LogicalContext,
  type Rejection,
} from "./negotiation.ts";

export interface Asked {
  readonly host: DlmsHost;
  readonly device: LogicalDevice;
  readonly client: DlmsClient;
  /** The longest APDU that the carrier takes to the client. */
  readonly longest: number | undefined;
  challenge(mechanism: HighLevel): Uint8Array;
}

export interface Opening extends Agreement {
  readonly context: LogicalContext;
  readonly mechanism: Mechanism;
  readonly initiate: InitiateRequest;
  /** In which InitiateRequest came, and InitiateResponse goes. */
  readonly style: Style;
  readonly protection: Protected | undefined;
  /** The password. */
  readonly value: Uint8Array | undefined;
  /** Of high-level security. */
  readonly challenges: Challenges | undefined;
}

interface Initiated {
  readonly initiate: InitiateRequest;
  readonly style: Style;
  readonly protection: Protected | undefined;
}

export function openingOf(aarq: Aarq, asked: Asked): Opening | Rejection {
  const { host, device, client, longest } = asked;
  const context = contextFor(aarq, client);
  if (isRejection(context)) return context;
  // Who has to protect what he says cannot do so without ciphering.
  if (context === "LN" && (client.security?.policy ?? 0) !== 0)
    return rejected("application-context-name-not-supported");
  const mechanism = mechanismFor(aarq, client);
  if (isRejection(mechanism)) return mechanism;
  const protection = protectionFor(aarq, device, client);
  if (context === "LN-ciphered" && protection === undefined) return rejected("calling-AP-title-not-recognized");
  const initiated = initiateOf(aarq.information, context === "LN" ? undefined : protection, client);
  if (isRejection(initiated)) return initiated;
  const { initiate, style } = initiated;
  const overhead = overheadOf(context === "LN" ? style : { kind: "global", authenticated: true, encrypted: true });
  const agreement = agreementOn(initiate, host.settings.conformance, longest, overhead);
  if (isRejection(agreement)) return agreement;
  const challenges = challengesFor(aarq, mechanism, { protection, challenge: asked.challenge });
  if (challenges !== undefined && isRejection(challenges)) return challenges;
  const known = initiated.protection ?? protection;
  return { context, mechanism, initiate, style, protection: known, value: aarq.value, challenges, ...agreement };
}

/** Undefined of a client without keys, and of one that does not tell its system title. */
function protectionFor(
  { callingTitle }: Aarq,
  { systemTitle }: LogicalDevice,
  { security }: DlmsClient,
): Protected | undefined {
  if (security === undefined || callingTitle?.length !== TITLE_LENGTH) return undefined;
  const party = new Party({ keys: serverKeys(security), own: systemTitle, peer: Uint8Array.from(callingTitle) });
  return protectedBy(party, security);
}

function protectedBy(party: Party, security: ClientSecurity): Protected {
  return {
    party,
    get policy() {
      return policyOf(security.policy);
    },
  };
}

/** `protection` is of associations with ciphering. */
function initiateOf(
  information: Uint8Array,
  protection: Protected | undefined,
  { security }: DlmsClient,
): Initiated | Rejection {
  const opened = openedInformation(information, { protection });
  if (isRefusedApdu(opened)) {
    const isGuess = opened.refused === "deciphering-error" && opened.isWrongKey === true;
    return { ...rejected("authentication-failure"), ...(isGuess ? { isGuess } : {}) };
  }
  const { apdu, style } = opened;
  if (protection !== undefined && lacking(doneBy(style), protection.policy.request) !== undefined)
    return rejected("authentication-failure");
  try {
    const initiate = decodeInitiateRequest(apdu);
    const { dedicatedKey } = initiate;
    if (dedicatedKey === undefined) return { initiate, style, protection };
    // A key that everybody could read is none.
    if (protection === undefined || security === undefined || !doneBy(style).encrypted)
      return rejected("authentication-failure");
    const party = protection.party.with(Uint8Array.from(dedicatedKey));
    return { initiate, style, protection: protectedBy(party, security) };
  } catch (error) {
    if (error instanceof WireError) return rejectedByProvider();
    throw error;
  }
}

function challengesFor(
  { value, callingTitle }: Aarq,
  mechanism: Mechanism,
  { protection, challenge }: { readonly protection: Protected | undefined } & Pick<Asked, "challenge">,
): Challenges | Rejection | undefined {
  if (mechanism === "none" || mechanism === "low") return undefined;
  if (!isHighLevel(mechanism)) return rejected("authentication-mechanism-name-not-recognised");
  const withKeys = mechanism === "high-gmac" || mechanism === "high-ecdsa";
  const isTitled = callingTitle?.length === TITLE_LENGTH;
  if ((withKeys && protection === undefined) || (mechanism === "high-sha256" && !isTitled))
    return rejected("calling-AP-title-not-recognized");
  const fromServer = challenge(mechanism);
  if (value === undefined || wrongChallenge(mechanism, value, fromServer) !== undefined)
    return rejected("authentication-failure");
  const clientTitle = isTitled ? Uint8Array.from(callingTitle) : undefined;
  return { mechanism, fromClient: Uint8Array.from(value), fromServer, clientTitle };
}
