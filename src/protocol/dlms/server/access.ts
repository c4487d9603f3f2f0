/** Reaching attributes and methods of the objects of an association, with the rights of who asks in it. */
import type { AttributeReference, MethodReference } from "#protocol/dlms/apdu/apdu.ts";
import {
  accessOf,
  mayInvoke,
  type AccessResult,
  type ActionResult,
  type Attribute,
  type Denied,
} from "#protocol/dlms/cosem/object.ts";
import { nullData, octets, type Data } from "#protocol/dlms/data/data.ts";
import { logicalNameBytes } from "#protocol/dlms/data/logical-name.ts";
import { askerOf, type Association } from "./association.ts";
import type { Found } from "./outflow.ts";

export const LOGICAL_NAME = 1;

/** What stands in the way of a selection: it was not agreed, or the attribute does not know it. */
function barredSelection(
  { conformance }: Association,
  { selectors = [] }: Pick<Attribute, "selectors">,
  { selection }: AttributeReference,
): Denied | undefined {
  if (selection === undefined) return undefined;
  if (conformance.has("selective-access") && selectors.includes(selection.selector)) return undefined;
  return { denied: "scope-of-access-violated" };
}

export function getAttribute(association: Association, reference: AttributeReference): Found {
  const object = association.directory.find(reference.classId, reference.logicalName);
  if (typeof object === "string") return { denied: object };
  if (reference.attribute === LOGICAL_NAME)
    return barredSelection(association, {}, reference) ?? octets(logicalNameBytes(object.logicalName));
  const attribute = object.attributes.find((one) => one.id === reference.attribute);
  if (attribute === undefined) return { denied: "read-write-denied" };
  const asker = askerOf(association);
  const mode = accessOf(attribute, asker);
  if (mode !== "read" && mode !== "read-write") return { denied: "read-write-denied" };
  return barredSelection(association, attribute, reference) ?? attribute.get(asker, reference.selection);
}

/** All attributes, each as it is asked for; undefined where there is no such object. */
export function getAll(
  association: Association,
  { classId, logicalName, selection }: AttributeReference,
): readonly (() => Found)[] | Denied {
  const object = association.directory.find(classId, logicalName);
  if (typeof object === "string") return { denied: object };
  if (selection !== undefined) return { denied: "scope-of-access-violated" };
  const numbers = [LOGICAL_NAME, ...object.attributes.map((one) => one.id)];
  return numbers.map((attribute) => () => getAttribute(association, { classId, logicalName, attribute }));
}

export function setAttribute(association: Association, reference: AttributeReference, value: Data): AccessResult {
  const object = association.directory.find(reference.classId, reference.logicalName);
  if (typeof object === "string") return object;
  const attribute = object.attributes.find((one) => one.id === reference.attribute);
  if (attribute?.set === undefined) return "read-write-denied";
  const asker = askerOf(association);
  const mode = accessOf(attribute, asker);
  if (mode !== "write" && mode !== "read-write") return "read-write-denied";
  return barredSelection(association, attribute, reference)?.denied ?? attribute.set(asker, value, reference.selection);
}

/** Attribute 0: a structure of all attributes, in which null-data leaves one as it is. The first refusal ends it. */
export function setAll(association: Association, reference: AttributeReference, value: Data): AccessResult {
  const object = association.directory.find(reference.classId, reference.logicalName);
  if (typeof object === "string") return object;
  const { attributes } = object;
  if (value.type !== "structure" || value.value.length !== attributes.length + 1) return "type-unmatched";
  for (const [k, { id }] of attributes.entries()) {
    const one = value.value[k + 1] ?? nullData;
    if (one.type === "null-data") continue;
    const result = setAttribute(association, { ...reference, attribute: id }, one);
    if (result !== "success") return result;
  }
  return "success";
}

export interface Invoked {
  readonly result: ActionResult;
  readonly data?: Data | undefined;
}

export function invokeMethod(association: Association, reference: MethodReference, parameters: Data): Invoked {
  const object = association.directory.find(reference.classId, reference.logicalName);
  if (typeof object === "string") return { result: object };
  const method = object.methods.find((one) => one.id === reference.method);
  const asker = askerOf(association);
  if (method === undefined || !mayInvoke(method, asker)) return { result: "read-write-denied" };
  const invoked = method.invoke(asker, parameters);
  return typeof invoked === "string" ? { result: invoked } : invoked;
}
