/** Services on names (ISO 9506-2, 12.3 and 14.8 to 14.13): what there is, what it is made of, and lists of it. */
import type { NameListRequest } from "#protocol/iec61850/mms/name-list.ts";
import { objectClasses } from "#protocol/iec61850/mms/name-list.ts";
import { typeOfLeaf } from "#protocol/iec61850/mms/attribute-type.ts";
import type { ObjectName, TypeDescription } from "#protocol/iec61850/mms/data.ts";
import type { ServiceError } from "#protocol/iec61850/mms/service-error.ts";
import type { DeleteListRequest } from "#protocol/iec61850/mms/variable-list.ts";
import type { Response } from "#protocol/iec61850/mms/services.ts";
import type { DataSets, NamedSet } from "./data-sets.ts";
import { pageOf, pageOfVariables, type NamePage } from "./name-pages.ts";
import type { NamedVariable } from "./named-variable.ts";
import { refusals } from "./refusals.ts";
import type { Asker } from "./served.ts";
import type { VariableTree } from "./variable-tree.ts";

/** Octets that stand around the names of a list at most: tags, lengths and the number of the request. */
const AROUND_NAMES = 27;

export class NamedServices {
  readonly #tree: VariableTree;
  readonly #sets: DataSets;

  constructor(tree: VariableTree, sets: DataSets) {
    this.#tree = tree;
    this.#sets = sets;
  }

  names(request: NameListRequest, asker: Asker): Response | ServiceError {
    const page = this.#page(request, asker, asker.maxPdu - AROUND_NAMES);
    return "class" in page ? page : { service: "getNameList", ...page };
  }

  #page(
    { objectClass, scope, domain, continueAfter }: NameListRequest,
    asker: Asker,
    octets: number,
  ): NamePage | ServiceError {
    const within = domain === undefined ? undefined : this.#tree.domain(domain);
    if (scope === "domain" && within === undefined) return refusals.nonExistent;
    switch (objectClass) {
      case objectClasses.domain:
        if (scope !== "vmd") break;
        return pageOf(
          this.#tree.domains.map(({ name }) => name),
          continueAfter,
          octets,
        );
      case objectClasses.namedVariable:
        // None belong to the whole device, nor to an association.
        if (within === undefined) break;
        return pageOfVariables(within, continueAfter, octets);
      case objectClasses.namedVariableList:
        return pageOf(this.#sets.names(scope, domain, asker), continueAfter, octets);
      case objectClasses.journal:
        return pageOf([], continueAfter, octets);
    }
    return refusals.unsupported;
  }

  attributes(name: ObjectName): Response | ServiceError {
    const variable = name.scope === "domain" ? this.#tree.domain(name.domain ?? "")?.named(name.item) : undefined;
    if (variable === undefined) return refusals.nonExistent;
    return { service: "getVariableAccessAttributes", deletable: false, type: typeOf(variable) };
  }

  listAttributes(name: ObjectName, asker: Asker): Response | ServiceError {
    const set = this.#sets.named(name, asker);
    if (set === undefined) return refusals.nonExistent;
    return {
      service: "getNamedVariableListAttributes",
      deletable: set.made,
      variables: set.members.map(({ access }) => access),
    };
  }

  delete({ scope, names, domain }: DeleteListRequest, asker: Asker): Response {
    const matched = this.#matched(scope, names, domain, asker);
    const mayKeep = asker.session.mayKeep?.() !== false;
    const own = matched.filter(({ name }) => mayKeep || name.scope === "association");
    const deleted = own.filter((set) => this.#sets.remove(set, asker)).length;
    return { service: "deleteNamedVariableList", matched: matched.length, deleted };
  }

  #matched(
    scope: DeleteListRequest["scope"],
    names: readonly ObjectName[],
    domain: string | undefined,
    asker: Asker,
  ): readonly NamedSet[] {
    const named =
      scope === "specific"
        ? names
        : this.#sets.names(scope, domain, asker).map((item): ObjectName => ({ scope, domain, item }));
    return [...new Set(named.flatMap((name) => this.#sets.named(name, asker) ?? []))];
  }
}

/** What a variable is made of. */
export function typeOf(variable: NamedVariable): TypeDescription {
  const { kind, fields } = variable;
  const own = variable.leaf ?? variable.served;
  if (own !== undefined) return typeOfLeaf(own.type);
  if (kind !== "array")
    return { kind: "structure", fields: fields.map((field) => ({ name: field.name, type: typeOf(field) })) };
  const [first] = fields;
  return { kind, count: fields.length, of: first === undefined ? { kind: "structure", fields: [] } : typeOf(first) };
}
