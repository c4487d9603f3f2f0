/**
 * References of IEC 61850 (7-2, 8-1 clause 7.3): "JEM01MTR/MMXU1.TotW.mag.f[MX]", as people write them, and what they are over MMS,
 * "JEM01MTR/MMXU1$MX$TotW$mag$f". Elements of arrays have their number behind them: "MHAI1.HA.phsAHar(3).cVal.mag.f".
 */
import type { FunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import { isFunctionalConstraint } from "#protocol/iec61850/model/functional-constraint.ts";
import type { AlternateAccess, Selection, Variable } from "#protocol/iec61850/mms/variable-access.ts";

export interface Reference {
  readonly domain: string;
  /** "MMXU1". */
  readonly node: string;
  /** Undefined where nobody says: the server's model has to. */
  readonly fc?: FunctionalConstraint | undefined;
  /** Data objects and attributes, from above; none of a whole logical node. */
  readonly path: readonly Step[];
}

export interface Step {
  readonly name: string;
  /** Of one element of an array. */
  readonly index?: number | undefined;
}

const dotted = /^([^/$.[\]]+)\/([^/$.[\]]+)((?:\.[A-Za-z][A-Za-z0-9_]*(?:\(\d{1,9}\))?)*)(?:\[([A-Z]{2})\])?$/;

/** Undefined of what is no reference. */
export function parseReference(text: string): Reference | undefined {
  if (text.includes("$")) return parseItem(text);
  const [, domain, node, path = "", fc] = dotted.exec(text) ?? [];
  if (domain === undefined || node === undefined) return undefined;
  if (fc !== undefined && !isFunctionalConstraint(fc)) return undefined;
  return { domain, node, ...(fc === undefined ? {} : { fc }), path: path.split(".").slice(1).map(stepOf) };
}

function parseItem(text: string): Reference | undefined {
  const [domain, item, more] = text.split("/");
  const [node, fc, ...path] = item?.split("$") ?? [];
  if (domain === undefined || domain === "" || node === undefined || node === "" || more !== undefined)
    return undefined;
  if (fc === undefined || !isFunctionalConstraint(fc) || path.includes("")) return undefined;
  return { domain, node, fc, path: path.map(stepOf) };
}

function stepOf(text: string): Step {
  const [, name = text, index] = /^(.*)\((\d+)\)$/.exec(text) ?? [];
  return index === undefined ? { name } : { name, index: Number(index) };
}

/** "JEM01MTR/MMXU1.TotW.mag.f[MX]". */
export function referenceText({ domain, node, fc, path }: Reference): string {
  const steps = path.map(({ name, index }) => `.${name}${index === undefined ? "" : `(${index})`}`);
  return `${domain}/${node}${steps.join("")}${fc === undefined ? "" : `[${fc}]`}`;
}

/** "MMXU1$MX$TotW$mag$f", as far as no element of an array is meant. */
export function itemOf({ node, fc, path }: Reference): string {
  return [node, ...(fc === undefined ? [] : [fc]), ...path.map(({ name }) => name)].join("$");
}

/** What is asked of a server. From the first element of an array on it is alternate access. */
export function variableOf(reference: Reference): Variable {
  const { path } = reference;
  const first = path.findIndex(({ index }) => index !== undefined);
  const upTo = first < 0 ? path : path.slice(0, first + 1);
  const name = { scope: "domain", domain: reference.domain, item: itemOf({ ...reference, path: upTo }) } as const;
  const index = path[first]?.index;
  if (index === undefined) return { kind: "name", name };
  const steps: Selection["part"][] = [{ kind: "index", index }];
  for (const step of path.slice(first + 1)) {
    steps.push({ kind: "component", name: step.name });
    if (step.index !== undefined) steps.push({ kind: "index", index: step.index });
  }
  return { kind: "name", name, alternate: withinEachOther(steps) };
}

function withinEachOther(steps: readonly Selection["part"][]): AlternateAccess {
  const [part, ...rest] = steps;
  if (part === undefined) return [];
  return [rest.length === 0 ? { part } : { part, within: withinEachOther(rest) }];
}

/** Of a name in a domain; undefined where it is no logical node's. */
export function referenceOfItem(domain: string, item: string): Reference | undefined {
  return item.includes("$") ? parseItem(`${domain}/${item}`) : { domain, node: item, path: [] };
}
