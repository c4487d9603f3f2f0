/** Values of a server: read and written by reference, and attribute by attribute with what they are called. */
import type { Data, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { AccessResult, Variable } from "#protocol/iec61850/mms/variable-access.ts";
import type { MmsClient } from "./client.ts";
import { MmsError } from "./failing.ts";
import type { Reference, Step } from "./references.ts";
import { variableOf } from "./references.ts";
import { typeNamed } from "./types.ts";

/** Variables in one request: their names come to some 50 octets each. */
const IN_A_REQUEST = 50;

export async function readOne(client: MmsClient, reference: Reference): Promise<AccessResult> {
  const [result] = await readAll(client, [reference]);
  if (result === undefined) throw new MmsError(`${client.peer} answers a read with nothing`, "nonsense");
  return result;
}

/** In their order, in as few requests as they fit in; an answer that is too long is asked for in halves. */
export async function readAll(client: MmsClient, references: readonly Reference[]): Promise<readonly AccessResult[]> {
  const parts: Promise<readonly AccessResult[]>[] = [];
  for (let at = 0; at < references.length; at += IN_A_REQUEST)
    parts.push(readSome(client, references.slice(at, at + IN_A_REQUEST).map(variableOf)));
  return (await Promise.all(parts)).flat();
}

async function readSome(client: MmsClient, variables: readonly Variable[]): Promise<readonly AccessResult[]> {
  try {
    const access = { kind: "variables", variables } as const;
    const { results } = await client.ask({ service: "read", withSpecification: false, access });
    if (results.length !== variables.length)
      throw new MmsError(`${client.peer} answers ${variables.length} variables with ${results.length}`, "nonsense");
    return results;
  } catch (error) {
    if (!isTooLong(error) || variables.length === 1) throw error;
  }
  const half = Math.ceil(variables.length / 2);
  return (
    await Promise.all([readSome(client, variables.slice(0, half)), readSome(client, variables.slice(half))])
  ).flat();
}

/** Whether an answer or a question does not fit in a PDU: a server says so by its resources, or by a reject. */
export function isTooLong(error: unknown): boolean {
  if (!(error instanceof MmsError)) return false;
  return error.reason === "tooLong" || error.reason === "rejected" || error.error?.class === "resource";
}

/**
 * All of a part of the model, attribute by attribute: in one answer where it fits and makes sense, else part by part. An attribute that
 * cannot be understood by itself is a failure of type.
 */
export async function readWhole(
  client: MmsClient,
  reference: Reference,
  type: TypeDescription,
): Promise<readonly LeafRead[]> {
  try {
    return leavesOf(reference, type, await readOne(client, reference));
  } catch (error) {
    const isNonsense = error instanceof MmsError && error.reason === "nonsense";
    if (isNonsense && type.kind !== "structure") return [{ reference, type, value: mismatch }];
    if ((!isNonsense && !isTooLong(error)) || type.kind !== "structure") throw error;
  }
  const parts: LeafRead[] = [];
  for (const field of type.fields)
    parts.push(
      ...(await readWhole(client, { ...reference, path: [...reference.path, { name: field.name }] }, field.type)),
    );
  return parts;
}

/** An attribute that has a value of its own. */
export interface LeafRead {
  readonly reference: Reference;
  readonly type: TypeDescription;
  /** Or why it has none. */
  readonly value: AccessResult;
}

/** Attributes of a structure or an array with the values that came; what does not fit its type is a failure of type (7). */
export function leavesOf(reference: Reference, type: TypeDescription, value: AccessResult): readonly LeafRead[] {
  if (value.kind === "failure") return [{ reference, type, value }];
  switch (type.kind) {
    case "structure":
      if (value.kind !== "structure" || value.items.length !== type.fields.length) break;
      return type.fields.flatMap((field, k) =>
        leavesOf(below(reference, { name: field.name }), field.type, value.items[k] ?? mismatch),
      );
    case "array":
      if (value.kind !== "array") break;
      return value.items.flatMap((item, index) => leavesOf(atIndex(reference, index), type.of, item));
    default:
      if (value.kind === type.kind) return [{ reference, type, value }];
  }
  return [{ reference, type, value: mismatch }];
}

const mismatch: AccessResult = { kind: "failure", error: 7 };

/** Attributes without their values. */
export function leafTypesOf(
  reference: Reference,
  type: TypeDescription,
): readonly { readonly reference: Reference; readonly type: TypeDescription }[] {
  if (type.kind === "structure")
    return type.fields.flatMap((field) => leafTypesOf(below(reference, { name: field.name }), field.type));
  if (type.kind === "array")
    return Array.from({ length: type.count }, (_, index) => leafTypesOf(atIndex(reference, index), type.of)).flat();
  return [{ reference, type }];
}

function below(reference: Reference, step: Step): Reference {
  return { ...reference, path: [...reference.path, step] };
}

function atIndex(reference: Reference, index: number): Reference {
  const last = reference.path.at(-1);
  return last === undefined ? reference : { ...reference, path: [...reference.path.slice(0, -1), { ...last, index }] };
}

/** Why it was not written (DataAccessError); undefined where it was. */
export async function writeOne(client: MmsClient, reference: Reference, value: Data): Promise<number | undefined> {
  const access = { kind: "variables", variables: [variableOf(reference)] } as const;
  const { results } = await client.ask({ service: "write", access, values: [value] });
  if (results.length !== 1) throw new MmsError(`${client.peer} answers one write with ${results.length}`, "nonsense");
  return results[0];
}

export async function typeOf(client: MmsClient, reference: Reference): Promise<TypeDescription> {
  const variable = variableOf(reference);
  if (variable.kind !== "name") throw new MmsError("what is described has to have a name", "refused");
  return typeNamed(client, variable.name);
}
