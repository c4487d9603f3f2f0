/**
 * What messages say, less what may be a secret: the one place that decides what that is. Passwords go over some protocols like other values
 * do, so what is written is hidden where a password may be written; what goes to a meter and is only a part of something, or is not
 * understood, is hidden, too.
 */
import type { Annotated } from "./annotated.ts";
import type { Protocol } from "./decoder.ts";

/** A field as it is shown. */
export interface Shown extends Annotated {
  readonly isHidden?: true;
  readonly inside?: readonly Shown[];
}

export interface Covered {
  readonly fields: readonly Shown[];
  /** Which bytes of the message are not to be seen: from, to behind the last. */
  readonly spans: readonly (readonly [from: number, to: number])[];
}

/** What is a part of something that is put together elsewhere, whatever that is. Frames of DNP3 are looked into below. */
const parts: Readonly<Partial<Record<Protocol, ReadonlySet<string>>>> = {
  dlms: new Set(["segment", "block", "raw data"]),
  mms: new Set(["piece"]),
};
/** Bytes of what is wrong that may be shown: those of a check. */
const CHECK = 2;

/** Of services of DLMS that write or do something, what says where and how. */
const placesOfDlms: ReadonlySet<string> = new Set([
  "APDU",
  "kind",
  "invoke",
  "long invoke",
  "class",
  "object",
  "attribute",
  "attributes",
  "method",
  "methods",
  "selection",
  "last block",
  "block number",
  "has parameters",
  "date-time",
]);
const authentication: ReadonlySet<string> = new Set([
  "calling-authentication-value",
  "responding-authentication-value",
  "dedicated key",
]);
const writes = /^(?:set|action|access|write|unconfirmed-write)-request/;

type IsSecret = (field: Annotated, among: readonly Annotated[]) => boolean;

const secrets: Readonly<Record<Protocol, IsSecret>> = {
  // Some registers are passwords, and codes that do something.
  modbus: ({ name }) => name.startsWith("written") || name === "data",
  dlms(field, among) {
    if (authentication.has(field.name)) return true;
    const apdu = among.find(({ name, inside }) => name === "APDU" && inside === undefined);
    return apdu !== undefined && writes.test(apdu.text ?? "") && !placesOfDlms.has(field.name);
  },
  // Files: of who asks for one, name and password.
  dnp3({ name, text = "" }, among) {
    if (text.startsWith("g70v")) return true;
    if (name !== "user data") return false;
    const fragment = among.find(({ bytes }) => bytes !== undefined);
    return fragment === undefined || hasFile(fragment);
  },
  iec102: ({ name }) => name === "key",
  mms: ({ name }) => name === "authentication value" || name === "rest" || name.startsWith("element "),
  snmp: ({ name }) => name === "community",
  goose: () => false,
  sv: () => false,
  p1: () => false,
  sml: () => false,
};

function hasFile({ text = "", inside = [] }: Annotated): boolean {
  return text.startsWith("g70v") || inside.some(hasFile);
}

/** `toMeter`: it goes to a meter, or may. */
export function withoutSecrets(
  protocol: Protocol | undefined,
  fields: readonly Annotated[],
  toMeter: boolean,
): Covered {
  const isSecret = protocol === undefined ? () => true : secrets[protocol];
  const spans: [number, number][] = [];
  /** `isApart`: its bytes are others than those of the message. */
  const cover = (among: readonly Annotated[], isApart: boolean): readonly Shown[] =>
    among.map((field): Shown => {
      const { at, length, name, inside, isProblem } = field;
      const isStrange = isProblem === true && length > CHECK && inside === undefined;
      const isPart = toMeter && protocol !== undefined && parts[protocol]?.has(name) === true;
      if (isStrange || isPart || isSecret(field, among)) {
        if (!isApart) spans.push([at, at + length]);
        // Why something is not understood says nothing of what it is.
        const text = name === "not understood" ? `${field.text ?? ""}; hidden` : "hidden";
        return { at, length, name, text, isHidden: true, ...(isProblem === true ? { isProblem } : {}) };
      }
      if (inside === undefined) return field;
      const { bytes, ...rest } = field;
      return { ...rest, inside: cover(inside, isApart || bytes !== undefined) };
    });
  return { fields: cover(fields, false), spans };
}
