/** Which objects of a logical device there are, by class and logical name. */
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";

export type Missing = "object-undefined" | "object-class-inconsistent";

/** Several objects may have one name, where their classes differ. */
export class Directory {
  readonly #own: readonly CosemObject[];
  #objects: readonly CosemObject[] | undefined;
  readonly #named = new Map<LogicalName, CosemObject[]>();
  readonly #under: Directory | undefined;

  /** What is not found here is looked for in the directory `under` it. */
  constructor(objects: readonly CosemObject[], under?: Directory) {
    this.#own = objects;
    this.#under = under;
    for (const object of objects) {
      const there = this.#named.get(object.logicalName);
      if (there === undefined) this.#named.set(object.logicalName, [object]);
      else there.push(object);
    }
  }

  /** All of them, in one list when somebody asks for it: most associations do not. */
  get objects(): readonly CosemObject[] {
    this.#objects ??= this.#under === undefined ? this.#own : [...this.#own, ...this.#under.objects];
    return this.#objects;
  }

  find(classId: number, name: LogicalName): CosemObject | Missing {
    const named = this.#named.get(name);
    const found = named?.find((one) => one.classId === classId);
    if (found !== undefined) return found;
    const below = this.#under?.find(classId, name) ?? "object-undefined";
    return below === "object-undefined" && named !== undefined ? "object-class-inconsistent" : below;
  }

  has(name: LogicalName): boolean {
    return this.#named.has(name) || (this.#under?.has(name) ?? false);
  }
}
