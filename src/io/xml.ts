/**
 * XML documents of others as trees of elements, each with its place in the file (XML 1.0, Namespaces 1.0). A document type is refused, and
 * with it every entity that a document could make: nothing is fetched, nothing grows. What is too large is refused while it is read.
 */
import { Buffer } from "node:buffer";
import { SaxesParser } from "saxes";

export interface XmlElement {
  /** Without its prefix. */
  readonly name: string;
  /** "" without one. */
  readonly namespace: string;
  /** Those without a prefix, by name. */
  readonly attributes: ReadonlyMap<string, string>;
  readonly children: readonly XmlElement[];
  /** Its own text and that of its CDATA sections, that of its children left out. */
  readonly text: string;
  /** Where it begins, from 1. */
  readonly line: number;
  readonly column: number;
}

/** How much of a document is taken. */
export interface XmlBounds {
  readonly bytes: number;
  readonly elements: number;
  /** Elements within each other. */
  readonly depth: number;
  /** Of one element. */
  readonly attributes: number;
}

/** What a document is not, and where. */
export class XmlError extends Error {
  readonly line: number;
  readonly column: number;

  constructor(words: string, line: number, column: number) {
    super(words);
    this.name = "XmlError";
    this.line = line;
    this.column = column;
  }
}

interface Growing extends XmlElement {
  readonly attributes: Map<string, string>;
  readonly children: XmlElement[];
  text: string;
}

/** The root of a document, given as bytes, or as a text, whatever encoding that says of itself. Throws XmlError. */
export function parseXml(document: Uint8Array | string, bounds: XmlBounds): XmlElement {
  if (document.length > bounds.bytes)
    throw new XmlError(`it has ${document.length} bytes, more than ${bounds.bytes} are not taken`, 1, 1);
  const given = typeof document === "string" ? document : xmlText(document);
  // Lines end with LF, CR LF or CR alone (XML 1.0, 2.11).
  const text = given.includes("\r") ? given.replaceAll(/\r\n?/g, "\n") : given;
  const places = new Places(text);
  const parser = new SaxesParser({ xmlns: true });
  const open: Growing[] = [];
  let root: Growing | undefined;
  let elements = 0;
  let attributes = 0;
  // Saxes knows what it has read, not what it is in: an element's name has just been read, and the character after it.
  let start = { line: 1, column: 1 };

  const fail = (words: string): never => {
    throw new XmlError(words, parser.line, parser.columnIndex + 1);
  };
  // Of an element that another ends, the end has been told before the error.
  let ended = "";
  parser.on("error", ({ message }) => {
    const words = message.replace(/^\d+:\d+: /, "").replace(/\.$/, "");
    if (words === "unexpected close tag") {
      const from = text.lastIndexOf("</", parser.position - 1);
      fail(`expected ${ended}; found </${/^[^>]{0,60}/.exec(text.slice(from + 2))?.[0].trim()}>`);
    }
    const unclosed = open.at(-1);
    if (words.startsWith("unclosed tag: ") && unclosed !== undefined)
      fail(`expected ${endOf(unclosed)}; found the end`);
    fail(words);
  });
  parser.on("doctype", (type) => {
    const lines = type.split("\n").length - 1;
    throw new XmlError("a document type (DTD) is not taken, nor are entities of its own", parser.line - lines, 1);
  });
  parser.on("opentagstart", ({ name }) => {
    start = places.at(parser.position - name.length - 2);
    attributes = 0;
    if (++elements > bounds.elements) fail(`it has more than ${bounds.elements} elements`);
    if (open.length >= bounds.depth) fail(`elements are within each other more than ${bounds.depth} deep`);
  });
  parser.on("attribute", () => {
    if (++attributes > bounds.attributes) fail(`an element has more than ${bounds.attributes} attributes`);
  });
  parser.on("opentag", ({ local, uri, attributes: all }) => {
    const own = new Map<string, string>();
    for (const { prefix, local: name, value } of Object.values(all)) {
      if (prefix === "" && name !== "xmlns") own.set(name, value);
    }
    const element: Growing = { name: local, namespace: uri, attributes: own, children: [], text: "", ...start };
    open.at(-1)?.children.push(element);
    root ??= element;
    open.push(element);
  });
  parser.on("closetag", () => {
    const element = open.pop();
    if (element !== undefined) ended = endOf(element);
  });
  const add = (more: string): void => {
    const within = open.at(-1);
    if (within !== undefined) within.text += more;
  };
  parser.on("text", add);
  parser.on("cdata", add);
  parser.write(text).close();
  return root ?? fail("it has no element");
}

/** For words: "</LN>, which begins on line 12". */
function endOf({ name, line }: XmlElement): string {
  return `</${name}>, which begins on line ${line}`;
}

/** Lines and columns of places in a text, asked for in their order. */
class Places {
  readonly #text: string;
  #line = 1;
  #lineStart = 0;

  constructor(text: string) {
    this.#text = text;
  }

  at(index: number): { readonly line: number; readonly column: number } {
    let next = this.#text.indexOf("\n", this.#lineStart);
    while (next >= 0 && next < index) {
      this.#line++;
      this.#lineStart = next + 1;
      next = this.#text.indexOf("\n", this.#lineStart);
    }
    return { line: this.#line, column: index - this.#lineStart + 1 };
  }
}

/** What a document may be encoded in, by the names that declarations have for it. */
const encodings: Readonly<Record<string, Encoding>> = {
  "utf-8": "UTF-8",
  utf8: "UTF-8",
  "us-ascii": "UTF-8",
  "utf-16": "UTF-16",
  "utf-16le": "UTF-16LE",
  "utf-16be": "UTF-16BE",
  "iso-8859-1": "ISO-8859-1",
  "iso_8859-1": "ISO-8859-1",
  latin1: "ISO-8859-1",
  "windows-1252": "windows-1252",
  cp1252: "windows-1252",
};
type Encoding = "UTF-8" | "UTF-16" | "UTF-16LE" | "UTF-16BE" | "ISO-8859-1" | "windows-1252";

const TAKEN = "UTF-8, UTF-16, ISO-8859-1 or windows-1252";

/** First bytes: byte order marks, which count before what is declared (RFC 7303, 3.2), and "<" without one (XML 1.0, F.1). */
const beginnings: readonly (readonly [string, Encoding | "UTF-32"])[] = [
  ["fffe0000", "UTF-32"],
  ["0000feff", "UTF-32"],
  ["3c000000", "UTF-32"],
  ["0000003c", "UTF-32"],
  ["efbbbf", "UTF-8"],
  ["fffe", "UTF-16LE"],
  ["feff", "UTF-16BE"],
  ["3c00", "UTF-16LE"],
  ["003c", "UTF-16BE"],
];

/** A document's characters: by its byte order mark, or what its declaration says; UTF-8 where nothing does. Throws XmlError. */
export function xmlText(bytes: Uint8Array): string {
  const octets = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length);
  const hex = octets.toString("hex", 0, 4);
  const head = octets.toString("latin1", 0, 200);
  const declared = /^<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1] ?? "UTF-8";
  const named = beginnings.find(([first]) => hex.startsWith(first))?.[1] ?? declared;
  const name = named.toLowerCase();
  const encoding = Object.hasOwn(encodings, name) ? encodings[name] : undefined;
  if (encoding === undefined) throw new XmlError(`expected the encoding ${TAKEN}; found ${named}`, 1, 1);
  try {
    return charactersOf(octets, encoding);
  } catch (error) {
    if (!(error instanceof TypeError)) throw error;
    throw new XmlError(
      `expected ${encoding}, or a declaration of the encoding it has: ${TAKEN}; found other bytes`,
      1,
      1,
    );
  }
}

/** Throws TypeError of what is not encoded so. */
function charactersOf(octets: Buffer, encoding: Encoding): string {
  // What TextDecoder has by this name is windows-1252, which has other characters from 80 to 9F.
  if (encoding === "ISO-8859-1") return octets.toString("latin1");
  // Without its mark nobody knows the order of its bytes.
  if (encoding === "UTF-16") throw new TypeError("no byte order");
  const text = new TextDecoder(encoding, { fatal: true }).decode(octets);
  // Of these five TextDecoder makes control characters; windows-1252 has none there.
  if (encoding === "windows-1252" && /[\u0081\u008D\u008F\u0090\u009D]/.test(text)) throw new TypeError("no character");
  return text;
}

/** An element that is to be written. */
export interface XmlNode {
  readonly name: string;
  /** What is undefined is left out. */
  readonly attributes?: Readonly<Record<string, string | number | boolean | undefined>>;
  /** Elements, or a text. */
  readonly content?: readonly (XmlNode | undefined)[] | string | undefined;
}

/** A document with its declaration, indented by one space a level. */
export function xmlDocument(root: XmlNode): string {
  const lines = ['<?xml version="1.0" encoding="UTF-8"?>'];
  write(root, 0, lines);
  return `${lines.join("\n")}\n`;
}

function write({ name, attributes = {}, content }: XmlNode, level: number, lines: string[]): void {
  const indent = " ".repeat(level);
  const given = Object.entries(attributes).filter(([, value]) => value !== undefined);
  const head = [name, ...given.map(([key, value]) => `${key}="${escapedAttribute(String(value))}"`)].join(" ");
  if (typeof content === "string") return void lines.push(`${indent}<${head}>${escaped(content)}</${name}>`);
  const children = content?.filter((child) => child !== undefined) ?? [];
  if (children.length === 0) return void lines.push(`${indent}<${head}/>`);
  lines.push(`${indent}<${head}>`);
  for (const child of children) write(child, level + 1, lines);
  lines.push(`${indent}</${name}>`);
}

/** What XML 1.0 has no characters for. */
// oxlint-disable-next-line no-control-regex
const unspeakable = /[\u0000-\u0008\u000B\u000C\u000E-\u001F\uFFFE\uFFFF]|\p{Surrogate}/gu;

/** A carriage return would come back as the end of a line. */
function escaped(text: string): string {
  return text
    .replaceAll(unspeakable, "\uFFFD")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll("\r", "&#13;");
}

/** All white space of an attribute would come back as blanks. */
function escapedAttribute(text: string): string {
  return escaped(text).replaceAll('"', "&quot;").replaceAll("\n", "&#10;").replaceAll("\t", "&#9;");
}
