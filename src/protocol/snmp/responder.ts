/** Answers requests of SNMPv2 (RFC 3416, 4.2) from a tree of objects, all of which are for reading only. */
import { limits } from "#quantity/limits.ts";
import type { Value } from "./ber.ts";
import type { ObjectTree } from "./objects.ts";
import type { Oid } from "./oid.ts";
import { ErrorStatus, variableBytes, type Pdu, type Variable } from "./pdu.ts";

const END: Value = { kind: "endOfMibView" };

/** Undefined of what is no request. `room` is for the variables of the answer, bytes. */
export function responseTo(request: Pdu, tree: ObjectTree, room: number): Pdu | undefined {
  const { variables } = request;
  const most = limits.snmp.variables;
  switch (request.kind) {
    case "get":
      if (variables.length > most) return refused(request, ErrorStatus.tooBig);
      return fitting(
        request,
        variables.map(({ name }) => ({ name, value: tree.get(name) })),
        room,
      );
    case "getNext":
      if (variables.length > most) return refused(request, ErrorStatus.tooBig);
      return fitting(
        request,
        variables.map(({ name }) => behind(name, tree)),
        room,
      );
    case "getBulk":
      return response(request, bulk(request, tree, Math.min(room, limits.snmp.bulkBytes)));
    case "set":
      return refusedSet(request, tree);
    default:
      // Nobody informs a meter.
      return undefined;
  }
}

function response({ requestId }: Pdu, variables: readonly Variable[]): Pdu {
  return { kind: "response", requestId, errorStatus: ErrorStatus.noError, errorIndex: 0, variables };
}

/** What is too long has no variables (RFC 3416, 4.2.1); else they are those of the request. */
export function refused({ requestId, variables }: Pdu, errorStatus: number, errorIndex = 0): Pdu {
  const isTooBig = errorStatus === ErrorStatus.tooBig;
  return { kind: "response", requestId, errorStatus, errorIndex, variables: isTooBig ? [] : variables };
}

function fitting(request: Pdu, variables: readonly Variable[], room: number): Pdu {
  let size = 0;
  for (const one of variables) size += variableBytes(one).length;
  return size > room ? refused(request, ErrorStatus.tooBig) : response(request, variables);
}

function behind(name: Oid, tree: ObjectTree): Variable {
  return tree.next(name) ?? { name, value: END };
}

/** RFC 3416, 4.2.3: the first variables once, the others again and again, as many as there is room for. */
function bulk({ variables, errorStatus, errorIndex }: Pdu, tree: ObjectTree, room: number): readonly Variable[] {
  const asked = variables.slice(0, limits.snmp.variables);
  const once = Math.min(Math.max(0, errorStatus), asked.length);
  const found: Variable[] = [];
  let size = 0;
  const take = (one: Variable): boolean => {
    size += variableBytes(one).length;
    if (size > room) return false;
    found.push(one);
    return true;
  };
  for (const { name } of asked.slice(0, once)) if (!take(behind(name, tree))) return found;
  let names = asked.slice(once).map(({ name }) => name);
  for (let left = errorIndex; left > 0 && names.length > 0; left--) {
    const row = names.map((name) => behind(name, tree));
    for (const one of row) if (!take(one)) return found;
    if (row.every(({ value }) => value.kind === "endOfMibView")) return found;
    names = row.map(({ name }) => name);
  }
  return found;
}

/** What is there cannot be written, and nothing else can be made (RFC 3416, 4.2.5). */
function refusedSet(request: Pdu, tree: ObjectTree): Pdu {
  const [first] = request.variables;
  if (first === undefined) return response(request, []);
  const { kind } = tree.get(first.name);
  const isThere = kind !== "noSuchObject" && kind !== "noSuchInstance";
  return refused(request, isThere ? ErrorStatus.notWritable : ErrorStatus.noAccess, 1);
}
