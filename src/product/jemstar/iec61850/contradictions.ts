/**
 * What a CID says of how the meter works, and what the meter does otherwise all the same: who is set up by the file would be wrong about it.
 * What describes a device (DC, EX), and what it reports of itself (ST, MX), is the meter's to say and none.
 */
import { nodeName, type Ied, type Leaf } from "#protocol/iec61850/model/ied.ts";
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import { leavesOf, type LeafIndex } from "#protocol/iec61850/model/references.ts";
import { isSameValue, type LeafValue } from "#protocol/iec61850/model/value.ts";
import { textOf } from "#protocol/iec61850/scl/value-text.ts";

const binding: ReadonlySet<FunctionalConstraint> = new Set(["CF", "SP", "SE", "SG", "CO"]);

/** `meter` is what it would be with the CID applied. */
export function contradictions(cid: Ied, meter: LeafIndex): string[] {
  const problems: string[] = [];
  for (const { device, node, path, leaf } of leavesOf(cid)) {
    if (!binding.has(leaf.fc) || leaf.initial === undefined) continue;
    const at = `${nodeName(node)}.${path}`;
    const own = meter.find(device.inst, at, leaf.fc)?.leaf;
    if (own === undefined || isSame(own.initial, leaf.initial, leaf)) continue;
    problems.push(`${at}[${leaf.fc}]: this meter has ${wordOf(own)}; found ${wordOf(leaf)}`);
  }
  return problems;
}

/** The word of no multiplier is empty. */
function wordOf(leaf: Leaf): string {
  const text = textOf(leaf.initial, leaf);
  return text === "" ? '""' : (text ?? "no value");
}

/** A file may say a float with more digits than it has. */
function isSame(one: LeafValue, other: LeafValue, { type }: Leaf): boolean {
  if (type !== "FLOAT32" || typeof one !== "number" || typeof other !== "number") return isSameValue(one, other);
  return Math.fround(one) === Math.fround(other);
}
