/** What readers of SCL ask of elements. */
import type { XmlElement } from "#io/xml.ts";

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

export function isTrue(of: XmlElement | undefined, name: string, unless = false): boolean {
  const text = of?.attributes.get(name)?.trim();
  return text === undefined ? unless : text === "true" || text === "1";
}

/** A whole number that is not negative; `unless` where it is left out or is none. */
export function count(of: XmlElement | undefined, name: string, unless: number): number {
  const text = of?.attributes.get(name)?.trim() ?? "";
  return /^\d{1,10}$/.test(text) ? Number(text) : unless;
}
