/** Interface class 1, Data (Blue Book 4.3.1): any value with a name. */
import type { Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { AccessMode, Asker, Attribute, CosemObject, Denied } from "./object.ts";

export interface Valued {
  /** Is asked only of who may read. */
  readonly value: (asker: Asker) => Data | Denied;
  readonly access?: Attribute["access"];
  readonly set?: NonNullable<Attribute["set"]>;
}

export function dataObject(logicalName: LogicalName, { value, access, set }: Valued): CosemObject {
  const attributes = [readAttribute(2, "value", value, { access, set })];
  return { classId: 1, version: 0, logicalName, attributes, methods: [] };
}

interface Further {
  readonly access?: AccessMode | ((asker: Asker) => AccessMode) | undefined;
  readonly set?: Attribute["set"] | undefined;
}

/** An attribute that takes no selection. */
export function readAttribute(
  id: number,
  name: string,
  get: (asker: Asker) => Data | Denied,
  { access, set }: Further = {},
): Attribute {
  return {
    id,
    name,
    get: (asker, selection) => (selection === undefined ? get(asker) : { denied: "scope-of-access-violated" }),
    ...(access === undefined ? {} : { access }),
    ...(set === undefined ? {} : { set }),
  };
}
