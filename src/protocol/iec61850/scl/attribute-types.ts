/** What attributes and texts of SCL are, as the schema 2007B4 has their types, those of 1.7 within them (IEC 61850-6, annex A). */
import { basicTypes, isBasicType } from "#protocol/iec61850/model/basic-type.ts";
import { functionalConstraints } from "#protocol/iec61850/model/functional-constraint.ts";

export interface TextType {
  /** "a whole number from 0 to 4294967295". */
  readonly words: string;
  readonly holds: (text: string) => boolean;
  /** Words, of which the nearest may be meant. */
  readonly known?: readonly string[];
  /** White space around it is none of it (./collapse.ts), of a type that is made of xs:Name or xs:token: of all its texts, or of some. */
  readonly collapses?: (text: string) => boolean;
}

/** xs:boolean; undefined of what is none. */
export function booleanIn(text: string): boolean | undefined {
  const word = text.trim();
  if (word === "true" || word === "1") return true;
  return word === "false" || word === "0" ? false : undefined;
}

const MOST_UNSIGNED = 0xffff_ffff;

/** xs:unsignedInt; undefined of what is none. */
export function wholeIn(text: string): number | undefined {
  const word = text.trim();
  const value = /^\+?\d{1,40}$|^-0{1,40}$/.test(word) ? Math.abs(Number(word)) : NaN;
  return value <= MOST_UNSIGNED ? value : undefined;
}

/** xs:decimal that is not negative, in milliseconds where the file has times; undefined of what is none. */
export function decimalIn(text: string): number | undefined {
  const word = text.trim();
  return /^\+?(\d{1,40}(\.\d{0,40})?|\.\d{1,40})$/.test(word) ? Number(word) : undefined;
}

const whole = (least: number, most: number): TextType => ({
  words: `a whole number from ${least} to ${most}`,
  holds: (text) => {
    const value = wholeIn(text);
    return value !== undefined && value >= least && value <= most;
  },
});
const pattern = (form: RegExp, words: string): TextType => ({ words, holds: (text) => form.test(text) });
const oneOf = (...known: readonly string[]): TextType => ({
  words: known.length === 1 ? `${known[0]}` : `one of ${known.join(", ")}`,
  holds: (text) => known.includes(text),
  known,
});
/** A type that is made of xs:Name, or of xs:token. */
const word = (type: TextType): TextType => ({ ...type, collapses: () => true });
const named = (first: string, words: string, most: number): TextType =>
  pattern(new RegExp(`^${first}\\w{0,${most - 1}}$`), `${words}, then letters, digits and _, ${most} at most`);

const letter = "a letter";
/** Those with a capital are the standard's own (tPredefinedAttributeNameEnum). */
const attributeName =
  /^(T|Test|Check|SIUnit|Oper|SBOw?|Cancel|Addr|PRIORITY|VID|APPID|TransportInUse|IPClassOfTraffic|IPv6FlowLabel|IPAddress(Length)?|[a-z][0-9A-Za-z]{0,59})$/;

/** Types of P that are the schema's own (tPredefinedPTypeEnum). */
const ownParts: ReadonlySet<string> = new Set(
  (
    "IP IP-SUBNET IP-GATEWAY OSI-NSAP OSI-TSEL OSI-SSEL OSI-PSEL OSI-AP-Title OSI-AP-Invoke OSI-AE-Qualifier OSI-AE-Invoke MAC-Address APPID " +
    "VLAN-PRIORITY VLAN-ID SNTP-Port MMS-Port DNSName IPv6FlowLabel IPv6ClassOfTraffic C37-118-IP-Port IP-UDP-PORT IP-TCP-PORT IPv6 IPv6-SUBNET " +
    "IPv6-GATEWAY IPv6-IGMPv3Src IP-IGMPv3Src IP-ClassOfTraffic"
  ).split(" "),
);

export const textTypes = {
  text: { words: "a text", holds: () => true },
  none: pattern(/^$/, "nothing"),
  some: pattern(/./s, "some text"),
  boolean: { words: "true or false", holds: (text) => booleanIn(text) !== undefined },
  whole: whole(0, MOST_UNSIGNED),
  positive: whole(1, MOST_UNSIGNED),
  ordinal: pattern(/^\s*[+-]?\d{1,9}\s*$/, "a whole number of nine digits at most"),
  /** Of an array: how many, or the attribute that says it. */
  count: word({
    words: "a whole number, or the name of an attribute",
    holds: (text) => wholeIn(text) !== undefined || attributeName.test(text),
  }),
  milliseconds: { words: "milliseconds", holds: (text) => decimalIn(text) !== undefined },
  version: pattern(/^2[0-2]\d\d$/, "a year, 2007"),
  revision: word(pattern(/^[A-Z]$/, "a capital letter")),
  release: whole(1, 255),
  second: word(oneOf("s")),
  milli: oneOf("m"),
  iedName: word({
    words: `${letter}, then letters, digits and _, 64 at most, and not None`,
    holds: (text) => /^[A-Za-z]\w{0,63}$/.test(text) && text !== "None",
  }),
  access: named("[A-Za-z0-9]", "a letter or digit", 32),
  deviceInst: pattern(/^[A-Za-z0-9]\w{0,63}$/, "letters, digits and _, 64 at most"),
  deviceName: named("[A-Za-z]", letter, 64),
  prefix: pattern(/^([A-Za-z]\w{0,10})?$/, `${letter}, then letters, digits and _, 11 at most`),
  nodeClass: word(pattern(/^([A-Z]{4}|LLN0)$/, "four capital letters, or LLN0")),
  rootClass: word(oneOf("LLN0")),
  nodeInst: pattern(/^\d{1,12}$/, "one to twelve digits"),
  nodeInstOrNone: pattern(/^\d{0,12}$/, "twelve digits at most"),
  /** Data sets and control blocks. */
  blockName: word(named("[A-Za-z]", letter, 32)),
  objectName: word(pattern(/^[A-Z][0-9A-Za-z]{0,11}$/, "a capital, then letters and digits, 12 at most")),
  innerName: word(pattern(/^[a-z][0-9A-Za-z]{0,59}$/, "a small letter, then letters and digits, 60 at most")),
  attributeName: word(
    pattern(attributeName, "a small letter, then letters and digits, 60 at most, or SIUnit and the like"),
  ),
  objectPath: pattern(/^[A-Z][0-9A-Za-z]{0,11}(\.[a-z][0-9A-Za-z]*(\(\d+\))?)?$/, "a data object, PhV or PhV.phsA"),
  attributePath: pattern(
    /^[a-zA-Z][a-zA-Z0-9]*(\(\d+\))?(\.[a-zA-Z][a-zA-Z0-9]*(\(\d+\))?)*$/,
    "an attribute, cVal.mag.f",
  ),
  messageId: pattern(/^[ -~]{1,129}$/, "1 to 129 characters of ASCII"),
  id: word(pattern(/^\S{1,255}$/, "1 to 255 characters without blanks")),
  dataClass: word(pattern(/^[A-Za-z]{1,5}$/, "letters, 5 at most")),
  constraint: word(oneOf(...functionalConstraints)),
  basicType: word({
    words: "Struct or a type of 7-2 and 8-1",
    holds: (text) => text === "Struct" || isBasicType(text),
    known: ["Struct", ...Object.keys(basicTypes)],
  }),
  valueKind: word(oneOf("Spec", "Conf", "RO", "Set")),
  gooseType: word(oneOf("GOOSE", "GSSE")),
  service: word(oneOf("Poll", "Report", "GOOSE", "SMV")),
  security: oneOf("None", "Signature", "SignatureAndEncryption"),
  right: oneOf("full", "fix", "dataflow"),
  redundancy: word(oneOf("none", "hsr", "prp", "rstp")),
  structureOfNames: word(oneOf("IEDName")),
  addressPart: {
    ...pattern(/^[A-Z][0-9A-Za-z-]*$/, "a capital, then letters, digits and -"),
    collapses: (text) => ownParts.has(text),
  },
  enumerationWord: pattern(/^[\0-\u00FF]{0,127}$/, "127 characters of Latin-1 at most"),
} as const satisfies Readonly<Record<string, TextType>>;
export type TextTypeName = keyof typeof textTypes;

export interface AddressPart extends TextType {
  /** What is no such text to the schema, and can be meant all the same: taken, and told as a warning. */
  readonly meant?: RegExp;
}

const hexadecimal = (digits: number): AddressPart => ({
  ...pattern(new RegExp(`^[0-9A-F]{${digits}}$`), `${digits} hexadecimal digits, capitals`),
  meant: new RegExp(`^[0-9A-Fa-f]{1,${digits}}$`),
});
const selector = (most: number): TextType =>
  pattern(new RegExp(`^[0-9A-F]{1,${most}}$`), `${most} hexadecimal digits at most, capitals`);
const octet = String.raw`(\d{1,2}|1\d\d|2[0-4]\d|25[0-5])`;
const ip = pattern(new RegExp(`^${octet}(\\.${octet}){3}$`), "an address of IPv4");

/** Texts of P by its type (8-1, 25.3). */
export const addressParts: ReadonlyMap<string, AddressPart> = new Map<string, AddressPart>([
  ["IP", ip],
  ["IP-SUBNET", ip],
  ["IP-GATEWAY", ip],
  ["OSI-NSAP", selector(40)],
  ["OSI-TSEL", selector(8)],
  ["OSI-SSEL", selector(16)],
  ["OSI-PSEL", selector(16)],
  ["OSI-AP-Title", pattern(/^[\d,]+$/, "numbers, with commas between")],
  ["OSI-AE-Qualifier", pattern(/^\d{1,5}$/, "five digits at most")],
  [
    "MAC-Address",
    {
      ...pattern(/^[0-9A-F]{2}(-[0-9A-F]{2}){5}$/, "01-0C-CD-01-00-00"),
      meant: /^[0-9a-fA-F]{2}([-:][0-9a-fA-F]{2}){5}$/,
    },
  ],
  ["APPID", hexadecimal(4)],
  ["VLAN-ID", hexadecimal(3)],
  ["VLAN-PRIORITY", pattern(/^[0-7]$/, "a digit from 0 to 7")],
]);
