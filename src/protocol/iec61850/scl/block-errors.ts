/** Which errors of a file are of one GOOSE control block: of itself, its data set, and where it is sent (GSE with its address). */
import type { XmlElement } from "#io/xml.ts";
import { all, given } from "./elements.ts";
import type { Problem } from "./problems.ts";
import type { PublishedBlock } from "./published.ts";
import type { SclFile } from "./read.ts";

export function errorsOfBlock(
  { root, problems }: Pick<SclFile, "root" | "problems">,
  block: PublishedBlock,
): readonly Problem[] {
  const errors = problems.filter(({ kind }) => kind === "error");
  if (root === undefined || errors.length === 0) return [];
  // A problem stands where its element begins.
  const places = new Set(elementsOf(root, block).map(({ line, column }) => `${line}:${column}`));
  return errors.filter(({ line, column }) => places.has(`${line}:${column}`));
}

function elementsOf(root: XmlElement, { ied, ldInst, node, name, dataSet }: PublishedBlock): readonly XmlElement[] {
  const nodes = all(root, "IED")
    .filter((one) => given(one, "name") === ied)
    .flatMap((one) => all(one, "AccessPoint"))
    .flatMap((point) => all(point, "Server"))
    .flatMap((server) => all(server, "LDevice"))
    .filter((device) => given(device, "inst") === ldInst)
    .flatMap((device) => [...all(device, "LN0"), ...all(device, "LN")])
    .filter((one) => `${given(one, "prefix")}${given(one, "lnClass")}${given(one, "inst")}` === node);
  const within = nodes.flatMap((one) => [...named(one, "GSEControl", name), ...named(one, "DataSet", dataSet)]);
  const published = all(root, "Communication")
    .flatMap((one) => all(one, "SubNetwork"))
    .flatMap((network) => all(network, "ConnectedAP"))
    .filter((point) => given(point, "iedName") === ied)
    .flatMap((point) => all(point, "GSE"))
    .filter((one) => given(one, "ldInst") === ldInst && given(one, "cbName") === name);
  // How often it repeats is nothing to who follows it.
  return [
    ...within.flatMap(withAll),
    ...published,
    ...published.flatMap((one) => all(one, "Address")).flatMap(withAll),
  ];
}

function named(node: XmlElement, kind: string, name: string): readonly XmlElement[] {
  return all(node, kind).filter((one) => given(one, "name") === name);
}

function withAll(element: XmlElement): readonly XmlElement[] {
  return [element, ...element.children.flatMap(withAll)];
}
