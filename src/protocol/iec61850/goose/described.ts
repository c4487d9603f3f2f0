/** What the SCL file of somebody else says of a control block that is followed: what its messages have to have, and which value is which. */
import { publishedGooses, type PublishedGoose, type PublishedMember } from "#protocol/iec61850/scl/published.ts";
import type { SclFile } from "#protocol/iec61850/scl/read.ts";
import { didYouMean } from "#quantity/nearest.ts";
import type { Driven, Followed } from "./goose-meter.ts";

/** What is not said by hand is as the file has it; else why the file does not explain it, in words. */
export function describedBy({ ieds }: Pick<SclFile, "ieds">, given: Followed): Followed | string {
  const all = ieds.flatMap(({ ied }) => publishedGooses(ied));
  const names = all.map(({ reference }) => reference);
  const goose = all.find(({ reference }) => reference === given.controlBlock);
  if (goose === undefined)
    return `no IED of it publishes ${given.controlBlock}${didYouMean(given.controlBlock, names) || `; it has ${names.join(", ") || "no GOOSE"}`}`;
  const inputs: Driven[] = [];
  for (const one of given.inputs) {
    const driven = drivenBy(goose, one);
    if (typeof driven === "string") return driven;
    inputs.push(driven);
  }
  const { address, goId, dataSet, configRevision, members } = goose;
  return {
    ...given,
    appId: given.appId ?? address?.appId,
    goId: given.goId ?? goId,
    dataSet: given.dataSet ?? dataSet,
    configRevision: given.configRevision ?? configRevision,
    entries: members.length,
    inputs,
  };
}

/** A value by its reference becomes its number, and the quality beside it is looked at, too. */
function drivenBy({ dataSet, members }: PublishedGoose, one: Driven): Driven | string {
  if (!isReference(one.value)) return one;
  const at = indexOf(members, one.value);
  const member = members[at];
  if (member === undefined)
    return `${one.value} is no member of ${dataSet}; it has ${members.map(({ reference }) => reference).join(", ")}`;
  if (one.quality !== undefined && isReference(one.quality)) {
    const quality = indexOf(members, one.quality);
    return quality < 0
      ? `${one.quality} is no member of ${dataSet}`
      : { ...one, value: String(at), quality: String(quality) };
  }
  const within = qualityIn(member);
  if (within >= 0) return { quality: `${at}.${within}`, ...one, value: String(at) };
  const beside = members.findIndex(({ reference }) => reference === member.reference.replace(/\.stVal\[/, ".q["));
  const quality = beside < 0 || beside === at ? {} : { quality: String(beside) };
  return { ...quality, ...one, value: String(at) };
}

/** Numbers are digits and points; a reference has a stroke behind its logical device. */
export function isReference(text: string): boolean {
  return text.includes("/");
}

/** With its functional constraint, "M/GGIO1.Ind1.stVal[ST]", or without. */
function indexOf(members: readonly PublishedMember[], text: string): number {
  return members.findIndex(({ reference }) => reference === text || reference.replace(/\[\w+\]$/, "") === text);
}

function qualityIn({ shape }: PublishedMember): number {
  if (shape?.kind !== "structure") return -1;
  return shape.items.findIndex((one) => one.kind === "leaf" && one.leaf.type === "Quality");
}
