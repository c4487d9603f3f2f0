/** What readers of SCL ask of elements. */
import type { XmlElement } from "#io/xml.ts";
import { booleanIn, wholeIn } from "./attribute-types.ts";

export const SCL_NAMESPACE = "http://www.iec.ch/61850/2003/SCL";

/** Children of a name, those of others' namespaces left out. */
export function all(of: XmlElement | undefined, name: string): readonly XmlElement[] {
  return of?.children.filter((one) => one.name === name && one.namespace === SCL_NAMESPACE) ?? [];
}

export function first(of: XmlElement | undefined, name: string): XmlElement | undefined {
  return of?.children.find((one) => one.name === name && one.namespace === SCL_NAMESPACE);
}

/** An attribute, or what it is where the file does not say. */
export function given(of: XmlElement | undefined, name: string, unless = ""): string {
  return of?.attributes.get(name) ?? unless;
}

/** `unless` where it is left out, or is none: reading a file tells that (./check-structure.ts). */
export function isTrue(of: XmlElement | undefined, name: string, unless = false): boolean {
  return booleanIn(given(of, name)) ?? unless;
}

/** A whole number that is not negative; `unless` where it is left out or is none. */
export function count(of: XmlElement | undefined, name: string, unless: number): number {
  return wholeIn(given(of, name)) ?? unless;
}
