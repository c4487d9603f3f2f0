/** Data sets of a server (IEC 61850-7-2, 13): their members, all their values at once, and those that a client makes and deletes. */
import type { ObjectName } from "#protocol/iec61850/mms/data.ts";
import type { AccessResult, Variable } from "#protocol/iec61850/mms/variable-access.ts";
import type { MmsClient } from "./client.ts";
import type { Reference } from "./references.ts";
import { referenceOfItem, variableOf } from "./references.ts";

/** "JEM01MTR/LLN0.Energy" or "JEM01MTR/LLN0$Energy"; "@name" of the association's own. */
export function dataSetName(text: string): ObjectName | undefined {
  if (/^@[^/$.]+$/.test(text)) return { scope: "association", item: text.slice(1) };
  const [, domain, node, name] = /^([^/$.]+)\/([^/$.]+)[.$]([^/$.]+)$/.exec(text) ?? [];
  return name === undefined ? undefined : { scope: "domain", domain, item: `${node}$${name}` };
}

export interface ServedDataSet {
  readonly deletable: boolean;
  readonly members: readonly Variable[];
}

export async function membersOf(client: MmsClient, name: ObjectName): Promise<ServedDataSet> {
  const { deletable, variables } = await client.ask({ service: "getNamedVariableListAttributes", name });
  return { deletable, members: variables };
}

/** The member as a reference; undefined of one that has none. */
export function memberReference(variable: Variable | undefined): Reference | undefined {
  if (variable?.kind !== "name" || variable.name.domain === undefined) return undefined;
  const reference = referenceOfItem(variable.name.domain, variable.name.item);
  if (reference === undefined || variable.alternate === undefined) return reference;
  // Of an element of an array, as far as it is one: the number stands at what has been named, its parts behind it.
  const path = [...reference.path];
  for (let within = variable.alternate; within.length === 1;) {
    const [selection] = within;
    if (selection === undefined) break;
    const last = path.at(-1);
    if (selection.part.kind === "component") path.push({ name: selection.part.name });
    else if (selection.part.kind === "index" && last !== undefined)
      path.splice(-1, 1, { ...last, index: selection.part.index });
    within = selection.within ?? [];
  }
  return { ...reference, path };
}

/** All values at once, in the order of the members. */
export async function readDataSet(client: MmsClient, name: ObjectName): Promise<readonly AccessResult[]> {
  const { results } = await client.ask({ service: "read", withSpecification: false, access: { kind: "list", name } });
  return results;
}

export async function makeDataSet(client: MmsClient, name: ObjectName, members: readonly Reference[]): Promise<void> {
  await client.ask({ service: "defineNamedVariableList", name, variables: members.map(variableOf) });
}

/** Whether it is gone: one of the model, or one that something uses, stays. */
export async function deleteDataSet(client: MmsClient, name: ObjectName): Promise<boolean> {
  const { deleted } = await client.ask({ service: "deleteNamedVariableList", scope: "specific", names: [name] });
  return deleted > 0;
}
