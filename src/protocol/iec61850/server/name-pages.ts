/** Lists of names in order, a page at a time (ISO 9506-1, GetNameList): who wants more names the last that he has. */
import { compareNames } from "./collation.ts";
import type { NamedVariable } from "./named-variable.ts";

export interface NamePage {
  readonly names: readonly string[];
  readonly moreFollows: boolean;
}

/** Fills a page; what it is offered comes in order. */
class Page {
  readonly names: string[] = [];
  moreFollows = false;
  #room: number;

  constructor(octets: number) {
    this.#room = octets;
  }

  /** False where there is no room for it. */
  add(name: string): boolean {
    const size = name.length + (name.length < 0x80 ? 2 : name.length < 0x100 ? 3 : 4);
    if (size > this.#room) {
      this.moreFollows = true;
      return false;
    }
    this.#room -= size;
    this.names.push(name);
    return true;
  }
}

/** Of names as they come; `octets` is what the encoded names may take. */
export function pageOf(names: Iterable<string>, after: string | undefined, octets: number): NamePage {
  const page = new Page(octets);
  for (const name of [...names].toSorted(compareNames)) {
    if (after !== undefined && compareNames(name, after) <= 0) continue;
    if (!page.add(name)) break;
  }
  return page;
}

/** Of all variables in one, each behind the one that it is in. */
export function pageOfVariables(of: NamedVariable, after: string | undefined, octets: number): NamePage {
  const page = new Page(octets);
  addFields(page, of, "", after?.split("$") ?? none, 0);
  return page;
}

const none: readonly string[] = [];

/** Those behind `after`, of whose components those from `level` on are within `of`. False where the page is full. */
function addFields(page: Page, of: NamedVariable, prefix: string, after: readonly string[], level: number): boolean {
  if (of.kind !== "structure") return true;
  const behind = after[level];
  for (const field of of.inOrder) {
    const order = behind === undefined ? 1 : compareNames(field.name, behind);
    if (order < 0) continue;
    const name = prefix + field.name;
    if (order > 0 && !page.add(name)) return false;
    if (!addFields(page, field, `${name}$`, order === 0 ? after : none, level + 1)) return false;
  }
  return true;
}
