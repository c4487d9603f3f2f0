/** AARQ (60) and AARE (61), bytes to values and back (BER; Green Book 9.4.2, 9.5). */
import { Reader, WireError, Writer } from "#wire/cursor.ts";
import {
  aareElements,
  aarqElements,
  ber,
  contextName,
  contextOf,
  diagnosticSources,
  FIRST_BIT,
  hasFirstBit,
  mechanismName,
  mechanismOf,
} from "./acse-elements.ts";
import { apduTags } from "./apdu-tags.ts";
import { associateResults, type Aare, type Aarq, type AssociateResult } from "./association.ts";
import {
  hex,
  inside,
  integerBytes,
  readElement,
  smallInteger,
  writeElement,
  writeExplicit,
  type Element,
} from "./ber.ts";

const NOTHING = new Uint8Array(0);

/** Elements by their tags. Those that nobody here knows are left, as ACSE has it; the same one twice is none. */
function elementsOf(from: Reader, what: string): ReadonlyMap<number, Element> {
  const { tag, at, bytes } = readElement(from);
  if (from.left > 0) throw new WireError(`${from.left} bytes behind the ${what} ${hex(tag)}`, from.at);
  const within = new Reader(bytes);
  const elements = new Map<number, Element>();
  while (within.left > 0) {
    const start = at + within.at;
    const element = readElement(within);
    if (elements.has(element.tag)) throw new WireError(`${what} has the element ${hex(element.tag)} twice`, start);
    elements.set(element.tag, { ...element, at: at + element.at });
  }
  return elements;
}

/**
 * Strict, as a server judges by it, but in what cannot be misunderstood: elements come in any order, a mechanism is taken where no
 * requirement announces it, names that are none of DLMS's and a context that is missing are `undefined`, to be refused by diagnostics.
 */
export function decodeAarq(bytes: Uint8Array): Aarq {
  const elements = elementsOf(new Reader(bytes), "AARQ");
  const at = (name: keyof typeof aarqElements): Element | undefined => elements.get(aarqElements[name]);
  const within = (name: keyof typeof aarqElements, tag: number): Uint8Array | undefined => {
    const element = at(name);
    return element && inside(element, tag, name);
  };
  const version = at("protocol-version");
  const context = within("application-context-name", ber.objectIdentifier);
  const mechanism = at("mechanism-name");
  const requirements = at("sender-acse-requirements");
  const user = at("calling-AE-invocation-id");
  return {
    apdu: "aarq",
    ...(version && !hasFirstBit(version.bytes) ? { otherVersion: true } : {}),
    context: context && contextOf(context),
    callingTitle: within("calling-AP-title", ber.octetString),
    user: user && smallInteger(inside(user, ber.integer, "calling-AE-invocation-id"), user.at),
    callingCertificate: within("calling-AE-qualifier", ber.octetString),
    mechanism: mechanism && (mechanismOf(mechanism.bytes) ?? "unknown"),
    authenticates: requirements !== undefined && hasFirstBit(requirements.bytes),
    value: within("calling-authentication-value", ber.charstring),
    information: within("user-information", ber.octetString) ?? NOTHING,
  };
}

/** Throws an Error of a context that has no name, and of an unknown mechanism. */
export function encodeAarq(aarq: Aarq): Uint8Array {
  const { context, callingTitle, callingCertificate, user, authenticates, mechanism, value, information } = aarq;
  if (context === undefined || mechanism === "unknown")
    throw new Error("an AARQ names its context and mechanism by names of DLMS");
  const out = new Writer(128);
  if (aarq.otherVersion === true) writeElement(out, aarqElements["protocol-version"], Uint8Array.of(0x07, 0));
  writeExplicit(out, aarqElements["application-context-name"], ber.objectIdentifier, contextName(context));
  if (callingTitle) writeExplicit(out, aarqElements["calling-AP-title"], ber.octetString, callingTitle);
  if (callingCertificate) writeExplicit(out, aarqElements["calling-AE-qualifier"], ber.octetString, callingCertificate);
  if (user !== undefined) writeExplicit(out, aarqElements["calling-AE-invocation-id"], ber.integer, integerBytes(user));
  if (authenticates) writeElement(out, aarqElements["sender-acse-requirements"], FIRST_BIT);
  if (mechanism) writeElement(out, aarqElements["mechanism-name"], mechanismName(mechanism));
  if (value) writeExplicit(out, aarqElements["calling-authentication-value"], ber.charstring, value);
  if (information.length > 0) writeExplicit(out, aarqElements["user-information"], ber.octetString, information);
  return writeElement(new Writer(), apduTags.aarq, out.done()).done();
}

function resultOf(element: Element | undefined): AssociateResult {
  if (element === undefined) throw new WireError("AARE without its result, element A2", 0);
  const number = smallInteger(inside(element, ber.integer, "result"), element.at);
  const words = Object.keys(associateResults) as AssociateResult[];
  const result = words.find((word) => associateResults[word] === number);
  if (result === undefined) throw new WireError(`there is no association result ${number}`, element.at);
  return result;
}

/** A1 or A2 with an integer in it; an integer alone, which is seen, is of the user; nothing is no reason given. */
function diagnosticOf(element: Element | undefined): Aare["diagnostic"] {
  if (element === undefined) return { by: "user", code: 0 };
  const { tag, bytes, at } = readElement(new Reader(element.bytes));
  if (tag === ber.integer) return { by: "user", code: smallInteger(bytes, element.at) };
  if (tag !== diagnosticSources.user && tag !== diagnosticSources.provider)
    throw new WireError(`expected A1 or A2 for who diagnoses, found ${hex(tag)}`, element.at);
  const code = smallInteger(inside({ tag, at: element.at + at, bytes }, ber.integer, "diagnostic"), element.at);
  return { by: tag === diagnosticSources.user ? "user" : "provider", code };
}

/** Lenient: with protocol-version or without, diagnostics of either form or none, and a context of any name. */
export function decodeAare(bytes: Uint8Array): Aare {
  const elements = elementsOf(new Reader(bytes), "AARE");
  const at = (name: keyof typeof aareElements): Element | undefined => elements.get(aareElements[name]);
  const within = (name: keyof typeof aareElements, tag: number): Uint8Array | undefined => {
    const element = at(name);
    return element && inside(element, tag, name);
  };
  const context = within("application-context-name", ber.objectIdentifier);
  const mechanism = at("mechanism-name");
  return {
    apdu: "aare",
    context: context && contextOf(context),
    result: resultOf(at("result")),
    diagnostic: diagnosticOf(at("result-source-diagnostic")),
    respondingTitle: within("responding-AP-title", ber.octetString),
    respondingCertificate: within("responding-AE-qualifier", ber.octetString),
    mechanism: mechanism && mechanismOf(mechanism.bytes),
    value: within("responding-authentication-value", ber.charstring),
    information: within("user-information", ber.octetString) ?? NOTHING,
  };
}

/** The requirement of authentication stands where a mechanism or a value does. Throws an Error of a context that has no name. */
export function encodeAare(aare: Aare): Uint8Array {
  const { context, result, diagnostic, respondingTitle, respondingCertificate, mechanism, value, information } = aare;
  if (context === undefined) throw new Error("an AARE names its context by a name of DLMS");
  const out = new Writer(128);
  writeExplicit(out, aareElements["application-context-name"], ber.objectIdentifier, contextName(context));
  writeExplicit(out, aareElements.result, ber.integer, integerBytes(associateResults[result]));
  const code = writeElement(new Writer(8), ber.integer, integerBytes(diagnostic.code)).done();
  writeExplicit(out, aareElements["result-source-diagnostic"], diagnosticSources[diagnostic.by], code);
  if (respondingTitle) writeExplicit(out, aareElements["responding-AP-title"], ber.octetString, respondingTitle);
  if (respondingCertificate)
    writeExplicit(out, aareElements["responding-AE-qualifier"], ber.octetString, respondingCertificate);
  if (mechanism ?? value) writeElement(out, aareElements["responder-acse-requirements"], FIRST_BIT);
  if (mechanism) writeElement(out, aareElements["mechanism-name"], mechanismName(mechanism));
  if (value) writeExplicit(out, aareElements["responding-authentication-value"], ber.charstring, value);
  if (information.length > 0) writeExplicit(out, aareElements["user-information"], ber.octetString, information);
  return writeElement(new Writer(), apduTags.aare, out.done()).done();
}
