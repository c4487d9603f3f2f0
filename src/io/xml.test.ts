/** Documents as trees, with places counted by hand; what must not be taken, and that nothing of it is done first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXml, xmlDocument, XmlError, type XmlElement, type XmlNode } from "./xml.ts";

const bounds = { bytes: 10_000, elements: 20, depth: 5, attributes: 4 };
const octets = (text: string): Uint8Array => new TextEncoder().encode(text);
const parsed = (text: string): XmlElement => parseXml(octets(text), bounds);

test("an element knows its name, its namespace, its attributes, its text and its place", () => {
  const root = parsed(
    '<?xml version="1.0"?>\n<!-- of a meter -->\n<S xmlns="urn:s" xmlns:p="urn:p">\r\n  <A\n    name="x &lt; &#65;"\n    p:q="1"/><p:B>4<C/>2<![CDATA[<]]></p:B>\n</S>',
  );
  assert.deepEqual([root.name, root.namespace, root.line, root.column], ["S", "urn:s", 3, 1]);
  const [a, b] = root.children;
  assert.deepEqual([a?.name, a?.line, a?.column, [...(a?.attributes ?? [])]], ["A", 4, 3, [["name", "x < A"]]]);
  assert.deepEqual([b?.name, b?.namespace, b?.line, b?.column, b?.text], ["B", "urn:p", 6, 14, "42<"]);
});

const refused: readonly [why: string, text: string, words: RegExp, line: number][] = [
  ["an entity from a file", '<!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]>\n<a>&b;</a>', /document type/, 1],
  [
    "a billion laughs",
    '<?xml version="1.0"?>\n<!DOCTYPE l [\n<!ENTITY a "ha">\n<!ENTITY b "&a;&a;">\n]>\n<l>&b;</l>',
    /document type/,
    2,
  ],
  ["a document type elsewhere", '<!DOCTYPE a SYSTEM "http://127.0.0.1/a.dtd"><a/>', /document type/, 1],
  ["an entity that nobody knows", "<a>\n&b;</a>", /undefined entity/, 2],
  ["an element that another ends", "<a>\n<b>\n</a>", /^expected <\/b>, which begins on line 2; found <\/a>$/, 3],
  ["one that a stranger ends", "<a>\n<b>\n\n</c ></b></a>", /^expected <\/b>, which begins on line 2; found <\/c>$/, 4],
  ["one that does not end", "<a>\n<b>\n", /^expected <\/b>, which begins on line 2; found the end$/, 3],
  ["two roots", "<a/>\n<b/>", /root/, 2],
  ["no element", "", /root element/, 1],
  ["a prefix of no namespace", "<x:a/>", /namespace/, 1],
  ["an attribute twice", '<a b="1" b="2"/>', /duplicate attribute/, 1],
  ["a character that is none", "<a>&#1;</a>", /character/, 1],
  ["too deep", "<a><a><a><a><a>\n<a/></a></a></a></a></a>", /5 deep/, 2],
  ["too many elements", `<a>${"<b/>".repeat(20)}</a>`, /more than 20 elements/, 1],
  ["too many attributes", '<a b="" c="" d="" e=""\nf=""/>', /more than 4 attributes/, 2],
  ["too long", `<a>${" ".repeat(10_000)}</a>`, /10007 bytes/, 1],
  ["an encoding that nobody knows", '<?xml version="1.0" encoding="x-9"?><a/>', /x-9/, 1],
];
for (const [why, text, words, line] of refused)
  test(`refused, with its line: ${why}`, () => {
    assert.throws(
      () => parsed(text),
      (error) => error instanceof XmlError && words.test(error.message) && error.line === line,
    );
  });

test("a document is read in the encoding that it says", () => {
  const latin = Uint8Array.from('<?xml version="1.0" encoding="ISO-8859-1"?><a>\u00b0C</a>', (one) =>
    one.charCodeAt(0),
  );
  assert.equal(parseXml(latin, bounds).text, "°C");
  const wide = new Uint8Array(Uint16Array.from("\ufeff<a>°C</a>", (one) => one.charCodeAt(0)).buffer);
  assert.equal(parseXml(wide, bounds).text, "°C");
  assert.throws(() => parseXml(Uint8Array.of(0x3c, 0x61, 0x3e, 0xff), bounds), /not utf-8/);
});

test("what is written is escaped", () => {
  const written = xmlDocument({
    name: "S",
    attributes: { xmlns: "urn:s", n: 2, is: true, not: undefined },
    content: [{ name: "A", attributes: { d: 'a"<b>&\n' } }, undefined, { name: "B", content: "1 < 2 & ]]>\u0007" }],
  });
  assert.equal(
    written,
    '<?xml version="1.0" encoding="UTF-8"?>\n<S xmlns="urn:s" n="2" is="true">\n <A d="a&quot;&lt;b&gt;&amp;&#10;"/>\n <B>1 &lt; 2 &amp; ]]&gt;\uFFFD</B>\n</S>\n',
  );
});

const speakable = fc.string({ unit: "binary" }).map((text) => text.replaceAll(/[^\t\n\r -\uD7FF\uE000-\uFFFD]/g, "?"));

test("what is written is read again, whatever its texts are", () => {
  fc.assert(
    fc.property(speakable, speakable, (value, text) => {
      const node: XmlNode = { name: "A", attributes: { value }, content: text };
      const root = parsed(xmlDocument({ name: "S", content: [node] }));
      assert.equal(root.children[0]?.attributes.get("value"), value);
      assert.equal(root.children[0]?.text, text);
    }),
  );
});

test("whatever a document is, it is a tree or an XmlError", () => {
  const pieces = fc.constantFrom(
    "<a",
    ">",
    "</a>",
    "<!DOCTYPE",
    "[",
    "]",
    "&",
    ";",
    '"',
    "=",
    "b",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "?>",
    "xmlns:b",
    "\n",
    "\0",
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 40 }), (all) => {
      try {
        parsed(all.join(""));
      } catch (error) {
        assert.ok(error instanceof XmlError, String(error));
        assert.ok(error.line >= 1 && error.column >= 1);
      }
    }),
    { numRuns: 2000 },
  );
});
