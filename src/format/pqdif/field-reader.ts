/** Fields and lists of the collections of one record, with what is wrong about them told by its place. */
import type { Remarks } from "#format/remarks.ts";
import { damaged, isDamaged, type Collection, type Element } from "./element.ts";
import { readFields, type FieldsRead, type Table } from "./fields.ts";
import type { PqdifRecord } from "./records.ts";
import { tags } from "./tags.ts";

export class FieldReader {
  readonly #record: PqdifRecord;
  readonly #remarks: Remarks;

  constructor(record: PqdifRecord, remarks: Remarks) {
    this.#record = record;
    this.#remarks = remarks;
  }

  get body(): Collection {
    return this.#record.body;
  }

  warn(element: Element | undefined, kind: string, what: string): void {
    this.#remarks.add(kind, this.place(element), what);
  }

  place(element: Element | undefined): string {
    return element === undefined ? `byte ${this.#record.at}` : this.#record.place(element.at);
  }

  fields<T extends Table>(table: T, { elements }: Collection): FieldsRead<T> {
    return readFields(table, elements, (element, what) => this.warn(element, "field", what));
  }

  /**
   * The collections of tag `one` in that of tag `all`, in order, a damaged one as an empty one; what else there is; and whether nothing was
   * damaged.
   */
  listOf(
    elements: readonly Element[],
    all: string,
    one: string,
  ): [list: Collection[], more: Element[], isWhole: boolean] {
    const more: Element[] = [];
    let list: Collection | undefined;
    for (const element of elements) {
      if (element.tag !== all || element.kind !== "collection") more.push(element);
      else if (list === undefined) list = element;
      else this.warn(element, "list", "the list is there twice; the first counts");
    }
    const found: Collection[] = [];
    for (const element of list?.elements ?? []) {
      if (element.tag === one) {
        const isList = element.kind === "collection";
        if (!isList) this.warn(element, "list", `expected a collection of tag ${one}, found a ${element.kind}`);
        found.push(isList ? element : damaged(one, element.at ?? 0));
      } else if (element.tag !== tags.blank && !isDamaged(element)) {
        this.warn(element, "list", `expected collections of tag ${one}, found ${element.tag}`);
      }
    }
    const isWhole = ![...(list === undefined ? [] : [list, ...list.elements]), ...found].some(isDamaged);
    return [found, more, isWhole];
  }
}

/** What is left over, where there is any. */
export function moreOf(more: readonly Element[]): { readonly more?: readonly Element[] } {
  const kept = more.filter((element) => element.tag !== tags.blank && !isDamaged(element));
  return kept.length === 0 ? {} : { more: kept };
}
