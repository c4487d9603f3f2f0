/** All variables of a server, by the domains that its logical devices are. */
import { limits } from "#quantity/limits.ts";
import type { Ied } from "#protocol/iec61850/model/ied.ts";
import type { AlternateAccess, Selection } from "#protocol/iec61850/mms/variable-access.ts";
import { deviceVariable, isName, NamedVariable } from "./named-variable.ts";
import type { ServedPlace } from "./served.ts";

export class VariableTree {
  readonly domains: readonly NamedVariable[];

  constructor(ied: Ied, places: readonly ServedPlace[]) {
    this.domains = ied.devices.map((device) => deviceVariable(device, places));
  }

  domain(name: string): NamedVariable | undefined {
    return this.domains.find((domain) => domain.name === name);
  }

  /** The domain of a name in octets [from, to). */
  domainAt(octets: Uint8Array, from: number, to: number): NamedVariable | undefined {
    const { domains } = this;
    for (let k = 0; k < domains.length; k++) {
      const domain = domains[k];
      if (domain !== undefined && isName(domain.name, octets, from, to)) return domain;
    }
    return undefined;
  }
}

/**
 * The parts of a variable that an alternate access chooses, as a variable; undefined where it has no such ones. Parts of all elements of an
 * array are made when they are asked for: few octets can choose many.
 */
export function partsOf(variable: NamedVariable, access: AlternateAccess): NamedVariable | undefined {
  const [first, ...more] = access;
  if (first === undefined || access.length > limits.mms.selections) return undefined;
  if (more.length === 0) return partOf(variable, first);
  const parts = access.map((selection) => partOf(variable, selection));
  const fields = parts.filter((part) => part !== undefined);
  return fields.length < parts.length ? undefined : madeOf("structure", variable, () => fields);
}

function partOf(variable: NamedVariable, { part, within }: Selection): NamedVariable | undefined {
  const inner = (found: NamedVariable | undefined): NamedVariable | undefined =>
    found === undefined || within === undefined ? found : partsOf(found, within);
  switch (part.kind) {
    case "component":
      return inner(variable.kind === "structure" ? variable.named(part.name) : undefined);
    case "index":
      return inner(variable.kind === "array" ? variable.fields[part.index] : undefined);
    case "range":
      return elements(variable, part.first, part.count, inner);
    case "all":
      return variable.kind === "array" ? elements(variable, 0, variable.fields.length, inner) : inner(variable);
  }
}

/** Elements of an array are all alike: where the first has a part, all have. */
function elements(
  array: NamedVariable,
  first: number,
  count: number,
  inner: (element: NamedVariable) => NamedVariable | undefined,
): NamedVariable | undefined {
  if (array.kind !== "array" || first + count > array.fields.length) return undefined;
  const found = array.fields.slice(first, first + count);
  const [one] = found;
  if (one === undefined || inner(one) === undefined) return undefined;
  return madeOf("array", array, () => found.flatMap((element) => inner(element) ?? []));
}

function madeOf(
  kind: "structure" | "array",
  { name, triggers }: NamedVariable,
  make: () => readonly NamedVariable[],
): NamedVariable {
  return new NamedVariable(name, kind, { triggers, make });
}
