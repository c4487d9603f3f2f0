/** Types that a server describes. What they come to is bounded: arrays of arrays are a few octets of description. */
import type { ObjectName, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { MmsClient } from "./client.ts";
import { MmsError } from "./failing.ts";

/** Attributes of a logical node: the longest of the standard have some thousands. */
const MOST_LEAVES = 100_000;

/** Attributes that have a value of their own. */
export function leafCount(type: TypeDescription): number {
  if (type.kind === "structure") return type.fields.reduce((sum, field) => sum + leafCount(field.type), 0);
  return type.kind === "array" ? type.count * leafCount(type.of) : 1;
}

/** Rejects with MmsError where the server refuses, or describes what nobody has. */
export async function typeNamed(client: MmsClient, name: ObjectName): Promise<TypeDescription> {
  const { type } = await client.ask({ service: "getVariableAccessAttributes", name });
  if (leafCount(type) > MOST_LEAVES)
    throw new MmsError(`${client.peer} describes "${name.item}" as more than ${MOST_LEAVES} attributes`, "nonsense");
  return type;
}
