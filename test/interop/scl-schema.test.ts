/**
 * What the public schema has against a file our check has, too: each attribute of a file is taken, emptied, and given values of other types, each
 * element left out, doubled, and put last; xmllint and we look at all of them.
 */
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { existsSync, writeFileSync } from "node:fs";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { parseXml, xmlDocument, type XmlElement, type XmlNode } from "#io/xml.ts";
import { checkScl } from "#protocol/iec61850/scl/check.ts";
import { limits } from "#quantity/limits.ts";
import { temporaryFolder } from "../running-site.ts";
import { octets, small } from "../scl-files.ts";
import { without } from "./programs.ts";

const schema = fileURLToPath(new URL("../../../shared/scl/2007B4/SCL.xsd", import.meta.url));
const skip = existsSync(schema) ? without("xmllint") : "../shared/scl has no schemas";

/** Of the schema's own release, and what the small file has nothing of. */
const whole = small
  .replace('release="1"', 'release="4"')
  .replace("<LDevice ", '<LDevice inst="A"><LN0 lnClass="LLN0" inst="" lnType="L0"/></LDevice><LDevice ')
  .replace(
    '<RptEnabled max="2"/>',
    '<RptEnabled max="2"><ClientLN iedName="HMI" ldInst="M" lnClass="IHMI" lnInst="1"/></RptEnabled>',
  )
  .replace("<GSEControl", '<Inputs><ExtRef/></Inputs><GSEControl type="GOOSE"')
  .replace('fixedOffs="true"/>', 'fixedOffs="true"><IEDName apRef="P1">HMI</IEDName></GSEControl>');

interface Node {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly children: Node[];
  readonly text: string;
}

function nodeOf({ name, attributes, children, text }: XmlElement): Node {
  return { name, attributes: Object.fromEntries(attributes), children: children.map(nodeOf), text };
}

/** Types of addresses have patterns for who says the type twice. */
function written({ name, attributes, children, text }: Node, isRoot = true): XmlNode {
  const spaces = {
    xmlns: "http://www.iec.ch/61850/2003/SCL",
    "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
  };
  const typed = name === "P" && /^(IP|OSI|MAC|APP|VLAN)/.test(attributes["type"] ?? "");
  return {
    name,
    attributes: {
      ...(isRoot ? spaces : {}),
      ...(typed ? { "xsi:type": `tP_${attributes["type"]}` } : {}),
      ...attributes,
    },
    content: children.length === 0 ? text : children.map((one) => written(one, false)),
  };
}

const base = (): Node => nodeOf(parseXml(octets(whole), limits.scl));

/** Ways to the elements of a tree, by places. */
function* ways(node: Node, way: readonly number[] = []): Generator<readonly number[]> {
  yield way;
  for (const [k, child] of node.children.entries()) yield* ways(child, [...way, k]);
}

const at = (root: Node, way: readonly number[]): Node => way.reduce((node, k) => node.children[k]!, root);

const values = ["", " ", "-1", "a b", "yes", "1.5", "9 #!", "99999999999", "\u00e9", "Foo", "x".repeat(300), "0"];

interface Mutation {
  readonly what: string;
  readonly text: string;
}

/** Each attribute and each text with blanks around it. */
function blanks(): readonly Mutation[] {
  const tree = base();
  const made = new Map<string, string>();
  const change = (what: string, way: readonly number[], by: (node: Node) => void): void => {
    const root = base();
    by(at(root, way));
    if (!made.has(what)) made.set(what, xmlDocument(written(root)));
  };
  for (const way of ways(tree)) {
    const { name, attributes, children, text } = at(tree, way);
    for (const [attribute, value] of Object.entries(attributes))
      change(`${name} ${attribute}`, way, (node) => (node.attributes[attribute] = ` ${value} `));
    if (children.length === 0 && text !== "")
      change(`${name} ${attributes["type"] ?? ""}:`, way, (node) => Object.assign(node, { text: ` ${text} ` }));
  }
  return [...made].map(([what, text]) => ({ what, text }));
}

function mutations(): readonly Mutation[] {
  const made = new Map<string, string>();
  const change = (what: string, way: readonly number[], by: (node: Node, among: Node[]) => void): void => {
    if (made.has(what)) return;
    const root = base();
    by(at(root, way), way.length === 0 ? [] : at(root, way.slice(0, -1)).children);
    made.set(what, xmlDocument(written(root)));
  };
  const tree = base();
  for (const way of ways(tree)) {
    const { name, attributes, children, text } = at(tree, way);
    const kind = name === "P" ? `P ${attributes["type"]}` : name;
    for (const attribute of Object.keys(attributes)) {
      change(`${kind} without ${attribute}`, way, (node) => Reflect.deleteProperty(node.attributes, attribute));
      for (const value of values)
        change(`${kind} ${attribute}=${value}`, way, (node) => (node.attributes[attribute] = value));
    }
    change(`${kind} with nothing=0`, way, (node) => (node.attributes["nothing"] = "0"));
    if (children.length === 0)
      for (const value of values)
        if (value !== text) change(`${kind}: ${value}`, way, (node) => Object.assign(node, { text: value }));
    const within = way.length === 0 ? "" : at(tree, way.slice(0, -1)).name;
    const [k = 0] = way.slice(-1);
    change(`${kind} left out of ${within}`, way, (_node, among) => among.splice(k, 1));
    change(`${kind} twice in ${within}`, way, (node, among) => among.splice(k, 0, node));
    change(`${kind} last in ${within}`, way, (_node, among) => among.push(...among.splice(k, 1)));
    const own: Node = { name: "Private", attributes: { type: "t" }, children: [], text: "" };
    change(`Private behind ${kind}`, way, (_node, among) => among.splice(k + 1, 0, own));
    change(`Private in ${kind}`, way, (node) => node.children.unshift(own));
    change(`Other in ${kind}`, way, (node) => node.children.push({ ...own, name: "Other" }));
  }
  return [...made].map(([what, text]) => ({ what, text }));
}

/** Names of files that the schema refuses. */
function refused(folder: string, files: readonly string[]): ReadonlySet<string> {
  const found = new Set<string>();
  for (let k = 0; k < files.length; k += 200) {
    const { stderr } = spawnSync("xmllint", ["--noout", "--nonet", "--schema", schema, ...files.slice(k, k + 200)], {
      encoding: "utf8",
      cwd: folder,
      maxBuffer: 1 << 26,
    });
    for (const [, file] of stderr.matchAll(/^(\S+) fails to validate$/gm)) found.add(file!);
  }
  return found;
}

test("what the schema refuses is told by our check", { skip }, (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const all = [{ what: "", text: xmlDocument(written(base())) }, ...mutations()];
  all.forEach(({ text }, k) => writeFileSync(path.join(folder, `${k}.xml`), text));
  const against = refused(
    folder,
    all.map((_one, k) => `${k}.xml`),
  );
  assert.equal(against.has("0.xml"), false, "the file that the others are made of is valid");
  assert.ok(against.size > 1000);
  const usual = new Set(checkScl(octets(all[0]!.text)).problems.map(({ words }) => words));
  const silent = all.filter(({ text }, k) => {
    if (!against.has(`${k}.xml`)) return false;
    return checkScl(octets(text)).problems.every(({ words }) => usual.has(words));
  });
  // A file of 2007B has no release.
  assert.deepEqual(
    silent.map(({ what }) => what),
    ["SCL without release"],
  );
});

test("blanks around a name are none of it where the schema says so, and nowhere else", { skip }, (t) => {
  const { folder, remove } = temporaryFolder();
  t.after(remove);
  const [first, ...all] = [{ what: "", text: xmlDocument(written(base())) }, ...blanks()];
  all.forEach(({ text }, k) => writeFileSync(path.join(folder, `${k}.xml`), text));
  const against = refused(
    folder,
    all.map((_one, k) => `${k}.xml`),
  );
  assert.ok(against.size > 20 && all.length - against.size > 40, `${against.size} of ${all.length}`);
  const problems = (text: string): readonly string[] => checkScl(octets(text)).problems.map(({ words }) => words);
  const usual = new Set(problems(first!.text));
  const unlike = all.flatMap(({ what, text }, k) => {
    const found = problems(text).filter((words) => !usual.has(words));
    return found.length > 0 === against.has(`${k}.xml`) ? [] : [`${what}: ${found.join("; ")}`];
  });
  // Around xs:unsignedInt blanks are none of it, too (XML Schema 2, 3.3): xmllint does not have it so.
  assert.deepEqual(unlike, [
    "ReportControl confRev: ",
    "ReportControl bufTime: ",
    "ReportControl intgPd: ",
    "RptEnabled max: ",
    "GSEControl confRev: ",
  ]);
});
