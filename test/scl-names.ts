/** Names of a server's variables as MMS has them. */
import { nodeName, type Attribute, type DataObject, type LogicalNode } from "#protocol/iec61850/model/ied.ts";

/** Of a logical node, those of control blocks left out, each once. */
export function namesOf(node: LogicalNode): readonly string[] {
  const name = nodeName(node);
  return [...new Set([name, ...node.objects.flatMap((object) => [...namesWithin(name, object)])])];
}

function* namesWithin(node: string, { name, attributes, objects }: DataObject, above = ""): Generator<string> {
  const here = `${above}$${name}`;
  for (const attribute of attributes) yield* namesIn(node, attribute, here);
  for (const inner of objects) yield* namesWithin(node, inner, here);
}

function* namesIn(node: string, attribute: Attribute, above: string): Generator<string> {
  const parts = above.split("$").slice(1);
  yield `${node}$${attribute.fc}`;
  for (let k = 1; k <= parts.length; k++) yield `${node}$${attribute.fc}$${parts.slice(0, k).join("$")}`;
  yield `${node}$${attribute.fc}${above}$${attribute.name}`;
  if (attribute.kind === "structure")
    for (const field of attribute.fields) yield* namesIn(node, field, `${above}$${attribute.name}`);
}
