/** What a file says of the attributes of one instance (DOI, SDI, DAI): values, and who may write them. */
import type { XmlElement } from "#io/xml.ts";
import { SCL_NAMESPACE } from "./elements.ts";

/** Instances are looked for by the model; what it did not ask for is in the file in vain. */
export class Instance {
  readonly element: XmlElement;
  readonly #within = new Map<string, Instance>();
  #isAsked = false;

  constructor(element: XmlElement) {
    this.element = element;
    for (const child of element.children) {
      const { name, namespace, attributes } = child;
      if (namespace !== SCL_NAMESPACE || (name !== "SDI" && name !== "DAI" && name !== "DOI")) continue;
      this.#within.set(keyOf(attributes.get("name") ?? "", attributes.get("ix")), new Instance(child));
    }
  }

  /** That of a name in it, and of a place in an array. */
  in(name: string, index?: number): Instance | undefined {
    const found = this.#within.get(keyOf(name, index?.toString()));
    if (found !== undefined) found.#isAsked = true;
    return found;
  }

  /** Elements that nobody asked for, the outermost of each only. */
  *unasked(): Generator<XmlElement> {
    for (const one of this.#within.values()) {
      if (one.#isAsked) yield* one.unasked();
      else yield one.element;
    }
  }
}

function keyOf(name: string, index: string | undefined): string {
  return index === undefined ? name : `${name}(${Number(index)})`;
}
