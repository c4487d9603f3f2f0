/**
 * XML documents of others as trees of elements, each with its place in the file (XML 1.0, Namespaces 1.0). A document type is refused, and
 * with it every entity that a document could make: nothing is fetched, nothing grows. What is too large is refused while it is read.
 */
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

/** The root of a document. Throws XmlError. */
export function parseXml(bytes: Uint8Array, bounds: XmlBounds): XmlElement {
  if (bytes.length > bounds.bytes)
    throw new XmlError(`it has ${bytes.length} bytes, more than ${bounds.bytes} are not taken`, 1, 1);
  const text = textOf(bytes);
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
  parser.on("opentag", ({ local, uri, attributes: given }) => {
    const own = new Map<string, string>();
    for (const { prefix, local: name, value } of Object.values(given)) {
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

/** By its byte order mark, or what its declaration says; UTF-8 where nothing does. */
function textOf(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const marked =
    first === 0xff && second === 0xfe ? "utf-16le" : first === 0xfe && second === 0xff ? "utf-16be" : undefined;
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 200));
  const declared = /^(?:\xef\xbb\xbf)?<\?xml[^>]*encoding\s*=\s*["']([\w.-]+)["']/.exec(head)?.[1];
  const encoding = marked ?? declared ?? "utf-8";
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(encoding, { fatal: true });
  } catch {
    throw new XmlError(`its encoding, ${encoding}, is not known`, 1, 1);
  }
  try {
    return decoder.decode(bytes);
  } catch {
    throw new XmlError(`it is not ${encoding}, as it says`, 1, 1);
  }
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
