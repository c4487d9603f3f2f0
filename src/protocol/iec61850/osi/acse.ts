/**
 * APDUs of ACSE (ISO 8650-1, X.227, 9): who wants an association, with whom, and what becomes of it. What is the user's goes as an EXTERNAL in the
 * context of MMS.
 */
import { BerReader, type BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";
import { objectIdentifierBytes, objectIdentifierOf } from "#wire/object-identifier.ts";
import type { ApplicationTitle, AssociationDiagnostic } from "./association.ts";

/** The application context of MMS, and the mechanism of a password. */
const MMS_CONTEXT = "1.0.9506.2.3";
const PASSWORD_MECHANISM = "2.2.3.1";

const tags = {
  aarq: 0x60,
  aare: 0x61,
  rlrq: 0x62,
  rlre: 0x63,
  abrt: 0x64,
  version: 0x80,
  context: 0xa1,
  /** Of AARQ. */
  calledTitle: 0xa2,
  calledQualifier: 0xa3,
  callingTitle: 0xa6,
  callingQualifier: 0xa7,
  requirements: 0x8a,
  mechanism: 0x8b,
  authentication: 0xac,
  /** Of AARE. */
  result: 0xa2,
  diagnostic: 0xa3,
  userInformation: 0xbe,
  external: 0x28,
  objectIdentifier: 0x06,
  number: 0x02,
} as const;

/** Associate-source-diagnostic of the user. */
const diagnostics = {
  none: 0,
  noReason: 1,
  contextNotSupported: 2,
  calledApTitleNotRecognised: 7,
  calledAeQualifierNotRecognised: 9,
  authenticationMechanismNotRecognised: 11,
  authenticationFailure: 13,
  authenticationRequired: 14,
} as const satisfies Readonly<Record<AssociationDiagnostic | "none" | "contextNotSupported", number>>;
export type Diagnostic = keyof typeof diagnostics;

export const results = { accepted: 0, permanent: 1, transient: 2 } as const;
/** Who says so: the user of ACSE, or ACSE. */
const sources = { user: 0xa1, provider: 0xa2 } as const;
const NO_COMMON_VERSION = 2;

/** AARQ. */
export interface AssociateApdu {
  readonly called: ApplicationTitle;
  readonly calling: ApplicationTitle;
  readonly password: Uint8Array | undefined;
  /** Whether there is an authentication of another kind than a password. */
  readonly isOtherwise: boolean;
  /** Whether its context is that of MMS, and its version one that there is. */
  readonly isMms: boolean;
  readonly isFirst: boolean;
  /** Octets of MMS; undefined where there are none. */
  readonly user: Uint8Array | undefined;
}

/** AARE. */
export interface AssociatedApdu {
  readonly result: number;
  /** A number of the user's diagnostics, or of the provider's, or what was not said. */
  readonly diagnostic: { readonly by: "user" | "provider"; readonly code: number } | undefined;
  readonly user: Uint8Array | undefined;
}

function titleOf(reader: BerReader): string | undefined {
  const inner = reader.inner();
  // Names of directories are the other form.
  return inner.next() && inner.tag === tags.objectIdentifier ? objectIdentifierOf(inner.content()) : undefined;
}

function qualifierOf(reader: BerReader): number | undefined {
  const inner = reader.inner();
  return inner.next() && inner.tag === tags.number ? inner.integer() : undefined;
}

/** The first EXTERNAL: as one value, or as octets. */
function userOf(reader: BerReader): Uint8Array | undefined {
  const list = reader.inner();
  if (!list.next()) return undefined;
  if (list.tag !== tags.external) throw new WireError("expected an EXTERNAL", list.from);
  const external = list.inner();
  while (external.next()) {
    // Whichever context or encoding it names, there is one of each.
    if (external.tag === tags.objectIdentifier || external.tag === tags.number || external.tag === 0x07) continue;
    if (external.tag === 0xa0 || external.tag === 0x81) return external.content();
    throw new WireError("an EXTERNAL of another encoding", external.from);
  }
  throw new WireError("an EXTERNAL without a value", external.at);
}

function passwordOf(reader: BerReader): Uint8Array | undefined {
  const inner = reader.inner();
  return inner.next() && inner.tag === 0x80 ? inner.content().slice() : undefined;
}

export function associateApdu(content: Uint8Array): AssociateApdu {
  const apdu = new BerReader(content).expect(tags.aarq, "an AARQ").inner();
  const called: { -readonly [Key in keyof ApplicationTitle]: ApplicationTitle[Key] } = {};
  const calling: { -readonly [Key in keyof ApplicationTitle]: ApplicationTitle[Key] } = {};
  let [isMms, isFirst, isAuthenticated] = [false, true, false];
  let mechanism: string | undefined;
  let password: Uint8Array | undefined;
  let user: Uint8Array | undefined;
  while (apdu.next()) {
    switch (apdu.tag) {
      case tags.version:
        isFirst = ((apdu.content()[1] ?? 0) & 0x80) !== 0;
        break;
      case tags.context:
        isMms = titleOf(apdu) === MMS_CONTEXT;
        break;
      case tags.calledTitle:
        called.apTitle = titleOf(apdu);
        break;
      case tags.calledQualifier:
        called.aeQualifier = qualifierOf(apdu);
        break;
      case tags.callingTitle:
        calling.apTitle = titleOf(apdu);
        break;
      case tags.callingQualifier:
        calling.aeQualifier = qualifierOf(apdu);
        break;
      case tags.mechanism:
        mechanism = objectIdentifierOf(apdu.content());
        break;
      case tags.authentication:
        isAuthenticated = true;
        password = passwordOf(apdu);
        break;
      case tags.userInformation:
        user = userOf(apdu);
        break;
      default:
      // Invocations and others are for who looks at them.
    }
  }
  const isPassword = password !== undefined && (mechanism === undefined || mechanism === PASSWORD_MECHANISM);
  return {
    called,
    calling,
    password: isPassword ? password : undefined,
    isOtherwise: !isPassword && (isAuthenticated || mechanism !== undefined),
    isMms,
    isFirst,
    user,
  };
}

export function associatedApdu(content: Uint8Array): AssociatedApdu {
  const apdu = new BerReader(content).expect(tags.aare, "an AARE").inner();
  let result: number | undefined;
  let diagnostic: AssociatedApdu["diagnostic"];
  let user: Uint8Array | undefined;
  while (apdu.next()) {
    if (apdu.tag === tags.result) result = qualifierOf(apdu);
    else if (apdu.tag === tags.userInformation) user = userOf(apdu);
    else if (apdu.tag === tags.diagnostic) {
      const inner = apdu.inner();
      if (!inner.next()) continue;
      const by = inner.tag === sources.user ? "user" : "provider";
      diagnostic = { by, code: inner.inner().expect(tags.number, "a diagnostic").integer() };
    }
  }
  if (result === undefined) throw new WireError("an AARE without a result", 0);
  return { result, diagnostic, user };
}

/** What a number of a user's diagnostic stands for, of those that have a word here. */
export function diagnosticOf(code: number): Diagnostic | undefined {
  return (Object.keys(diagnostics) as Diagnostic[]).find((word) => diagnostics[word] === code);
}

/** Goes before the octets that were written since `mark`. */
function writeExternal(out: BerWriter, mark: number, context: number): BerWriter {
  return out.wrap(0xa0, mark).integer(tags.number, context).wrap(tags.external, mark).wrap(tags.userInformation, mark);
}

function writeName(out: BerWriter, tag: number, name: string): BerWriter {
  const mark = out.written;
  return out.octets(tags.objectIdentifier, objectIdentifierBytes(name)).wrap(tag, mark);
}

function writeNumber(out: BerWriter, tag: number, value: number): BerWriter {
  const mark = out.written;
  return out.integer(tags.number, value).wrap(tag, mark);
}

function writeTitle(out: BerWriter, titleTag: number, { apTitle, aeQualifier }: ApplicationTitle): void {
  // The tag of a qualifier follows that of its title.
  if (aeQualifier !== undefined) writeNumber(out, titleTag + 1, aeQualifier);
  if (apTitle !== undefined) writeName(out, titleTag, apTitle);
}

export interface ToAssociate {
  readonly called: ApplicationTitle;
  readonly calling: ApplicationTitle;
  readonly password?: Uint8Array | undefined;
}

/** AARQ with the octets of MMS that were written since `mark`, in the context of that number. */
export function writeAssociate(
  out: BerWriter,
  mark: number,
  context: number,
  { called, calling, password }: ToAssociate,
): BerWriter {
  writeExternal(out, mark, context);
  if (password !== undefined) {
    const inner = out.written;
    out.octets(0x80, password).wrap(tags.authentication, inner);
    out.octets(tags.mechanism, objectIdentifierBytes(PASSWORD_MECHANISM)).bitsOf(tags.requirements, 1, 1);
  }
  writeTitle(out, tags.callingTitle, calling);
  writeTitle(out, tags.calledTitle, called);
  return writeName(out, tags.context, MMS_CONTEXT).wrap(tags.aarq, mark);
}

/** AARE; octets of MMS were written since `mark`, or none. */
export function writeAssociated(
  out: BerWriter,
  mark: number,
  context: number,
  answer: { readonly result: number; readonly diagnostic: Diagnostic | "noCommonVersion" | "providerNoReason" },
): BerWriter {
  if (out.written > mark) writeExternal(out, mark, context);
  const inner = out.written;
  const { diagnostic } = answer;
  if (diagnostic === "noCommonVersion" || diagnostic === "providerNoReason")
    writeNumber(out, sources.provider, diagnostic === "noCommonVersion" ? NO_COMMON_VERSION : 1);
  else writeNumber(out, sources.user, diagnostics[diagnostic]);
  out.wrap(tags.diagnostic, inner);
  writeNumber(out, tags.result, answer.result);
  return writeName(out, tags.context, MMS_CONTEXT).wrap(tags.aare, mark);
}

/** RLRQ, its reason "normal". */
export function writeRelease(out: BerWriter): BerWriter {
  const mark = out.written;
  return out.integer(0x80, 0).wrap(tags.rlrq, mark);
}

/** RLRE. */
export function writeReleased(out: BerWriter): BerWriter {
  return out.null(tags.rlre);
}

/** ABRT: of the user of ACSE, or of ACSE itself. */
export function writeAbort(out: BerWriter, by: "user" | "provider"): BerWriter {
  const mark = out.written;
  return out.integer(0x80, by === "user" ? 0 : 1).wrap(tags.abrt, mark);
}
