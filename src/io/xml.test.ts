/** Documents as trees, with places counted by hand; what must not be taken, and that nothing of it is done first. */
import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { parseXml, xmlDocument, xmlText, XmlError, type XmlElement, type XmlNode } from "./xml.ts";

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

test("lines end with LF, CR LF or CR alone", () => {
  const root = parsed("<a>\r<b>1\r2</b>\r\n<c/>\n<d/></a>");
  assert.deepEqual(
    root.children.map(({ name, line, column, text }) => [name, line, column, text]),
    [
      ["b", 2, 1, "1\n2"],
      ["c", 4, 1, ""],
      ["d", 5, 1, ""],
    ],
  );
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
  ["an encoding that nobody knows", '<?xml version="1.0" encoding="x-9"?><a/>', /^expected .*UTF-16.* found x-9$/, 1],
];
for (const [why, text, words, line] of refused)
  test(`refused, with its line: ${why}`, () => {
    assert.throws(
      () => parsed(text),
      (error) => error instanceof XmlError && words.test(error.message) && error.line === line,
    );
  });

/** Each character in each encoding, by their tables: U+00B0, U+00E9; U+20AC where there is one; U+0080 of ISO-8859-1. */
const encoded: readonly (readonly [what: string, head: string, hex: string, text: string])[] = [
  ["UTF-8, as nothing is said", "", "c2b0c3a9e282ac", "°é€"],
  ["UTF-8", '<?xml version="1.0" encoding="utf-8"?>', "c2b0c3a9e282ac", "°é€"],
  ["ISO-8859-1", '<?xml version="1.0" encoding="ISO-8859-1" standalone="yes"?>', "b0e980", "°é\u0080"],
  ["windows-1252", "<?xml version='1.0' encoding='Windows-1252'?>", "b0e980", "°é€"],
];
for (const [what, head, hex, text] of encoded)
  test(`a document is read in the encoding that it says: ${what}`, () => {
    const bytes = Uint8Array.from([...octets(`${head}<a>`), ...Uint8Array.fromHex(hex), ...octets("</a>")]);
    assert.equal(xmlText(bytes), `${head}<a>${text}</a>`);
    assert.equal(parseXml(bytes, bounds).text, text);
    assert.equal(parseXml(xmlText(bytes), bounds).text, text);
  });

test("UTF-16 is known by its mark or its first character, whatever is declared, and so is UTF-8 by its mark", () => {
  const wide = (text: string, swap = false): Uint8Array =>
    Uint8Array.from([...text].flatMap((one) => (swap ? [0, one.charCodeAt(0)] : [one.charCodeAt(0), 0])));
  const body = "<?xml version='1.0' encoding='ISO-8859-1'?><a>\u00b0</a>";
  for (const bytes of [
    Uint8Array.of(0xff, 0xfe, ...wide(body)),
    Uint8Array.of(0xfe, 0xff, ...wide(body, true)),
    wide(body),
    wide(body, true),
    Uint8Array.of(0xef, 0xbb, 0xbf, ...octets(body)),
  ])
    assert.equal(parseXml(bytes, bounds).text, "°");
});

test("what is in no encoding that is taken, or not in the one that it says, is told which are taken", () => {
  const taken = "UTF-8, UTF-16, ISO-8859-1 or windows-1252";
  for (const [bytes, words] of [
    [octets('<?xml version="1.0" encoding="koi8-r"?><a/>'), `expected the encoding ${taken}; found koi8-r`],
    [octets('<?xml version="1.0" encoding="constructor"?><a/>'), `expected the encoding ${taken}; found constructor`],
    [Uint8Array.of(0xff, 0xfe, 0, 0, 0x3c, 0, 0, 0), `expected the encoding ${taken}; found UTF-32`],
    ...(
      [
        ["UTF-8", [0x3c, 0x61, 0x3e, 0xff]],
        ["UTF-16LE", [0xff, 0xfe, 0x3c]],
        ["UTF-16", octets('<?xml version="1.0" encoding="UTF-16"?><a/>')],
        ["windows-1252", [...octets('<?xml version="1.0" encoding="windows-1252"?><a>'), 0x81]],
      ] as const
    ).map(
      ([encoding, bytes]) =>
        [
          Uint8Array.from(bytes),
          `expected ${encoding}, or a declaration of the encoding it has: ${taken}; found other bytes`,
        ] as const,
    ),
  ] as const)
    assert.throws(() => xmlText(bytes), new XmlError(words, 1, 1));
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
