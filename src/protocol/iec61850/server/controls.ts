/** Controls of a server (IEC 61850-7-2, 20; IEC 61850-8-1, 20): data objects of its model that have what is written to operate them. */
import { nodeName, type Attribute, type DataObject, type Leaf, type Structure } from "#protocol/iec61850/model/ied.ts";
import type { LeafValue } from "#protocol/iec61850/model/value.ts";
import { commandOf, type Command } from "./command.ts";
import { ControlObject, type ControlLeaves } from "./control-object.ts";
import type { AccessError } from "./host.ts";
import type { Asker, Served, ServedPlace, ServedStructure } from "./served.ts";
import type { MakePart } from "./shown.ts";

export const controls: MakePart = ({ host, clock }) => {
  const objects: ControlObject[] = [];
  const places = host.ied.devices.flatMap(({ domain, nodes }) =>
    nodes.flatMap((node) =>
      node.objects.flatMap((object): ServedPlace[] => {
        const own = object.attributes.filter(({ fc }) => fc === "CO");
        if (own.length === 0) return [];
        const name = nodeName(node);
        const control = new ControlObject(host, clock, {
          reference: `${domain}/${name}.${object.name}`,
          name: { domain, item: `${name}$CO$${object.name}` },
          leaves: leavesOf(object),
          usual: usualModel(own),
        });
        objects.push(control);
        const served: ServedStructure = {
          kind: "structure",
          name: object.name,
          fields: own.map((attribute) => servedPart(attribute, control)),
        };
        return [{ domain, node: name, fc: "CO", served }];
      }),
    ),
  );
  return {
    places,
    left: (asker) => {
      for (const object of objects) object.left(asker);
    },
    close: () => {
      for (const object of objects) object.close();
    },
  };
};

function leavesOf({ attributes }: DataObject): ControlLeaves {
  const leaf = (name: keyof ControlLeaves): Leaf | undefined =>
    attributes.find((one): one is Leaf => one.kind === "leaf" && one.name === name);
  return {
    ctlModel: leaf("ctlModel"),
    sboTimeout: leaf("sboTimeout"),
    sboClass: leaf("sboClass"),
    operTimeout: leaf("operTimeout"),
    stVal: leaf("stVal"),
  };
}

/** ctlModel of one that does not say it: what it has is what it is for. */
function usualModel(own: readonly Attribute[]): number {
  if (own.some(({ name }) => name === "SBOw")) return 4;
  return own.some(({ name }) => name === "SBO") ? 2 : 1;
}

function servedPart(attribute: Attribute, control: ControlObject): Served {
  if (attribute.kind === "structure") {
    const write = written(attribute, control);
    return { ...servedFields(attribute), ...(write === undefined ? {} : { write }) };
  }
  if (attribute.kind === "leaf" && attribute.name === "SBO")
    return {
      kind: "leaf",
      name: "SBO",
      type: attribute.type,
      read: (asker, isAlone) => (isAlone ? control.select(asker) : ""),
    };
  return unknown(attribute);
}

function written(
  structure: Structure,
  control: ControlObject,
): ((values: readonly LeafValue[], asker: Asker) => AccessError | undefined) | undefined {
  const by =
    (what: (command: Command, asker: Asker) => AccessError | undefined) =>
    (values: readonly LeafValue[], asker: Asker) =>
      what(commandOf(structure, values), asker);
  switch (structure.name) {
    case "Oper":
      return by((command, asker) => control.operate(command, asker));
    case "SBOw":
      return by((command, asker) => control.selectWithValue(command, asker));
    case "Cancel":
      return by((command, asker) => control.cancel(command, asker));
    default:
      return undefined;
  }
}

function servedFields({ name, fields }: Structure): ServedStructure {
  return { kind: "structure", name, fields: fields.map(unknown) };
}

/** What was written is no state: nothing is read of it. */
function unknown(attribute: Attribute): Served {
  switch (attribute.kind) {
    case "structure":
      return servedFields(attribute);
    case "leaf":
      return { kind: "leaf", name: attribute.name, type: attribute.type, read: () => undefined };
    case "array":
      return { kind: "structure", name: attribute.name, fields: attribute.items.map(unknown) };
  }
}
