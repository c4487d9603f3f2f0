/** What objects a meter has, as its association tells it (Blue Book 4.4.4, object_list), or as meters usually have them where it does not. */
import type { AttributeReference, GetResult } from "#protocol/dlms/apdu/apdu.ts";
import type { AccessResult } from "#protocol/dlms/cosem/object.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import { logicalNameOf, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import type { Streamed } from "./get.ts";
import { usualObjects } from "./usual-objects.ts";

/** What asks a meter for values. */
export interface Asks {
  get(attribute: AttributeReference): Promise<GetResult>;
  stream(attribute: AttributeReference): AsyncGenerator<Streamed, void>;
}

export interface ListedObject {
  readonly classId: number;
  readonly version: number;
  readonly logicalName: LogicalName;
  /** Attributes that the association may read, where the meter says so. */
  readonly readable: ReadonlySet<number> | undefined;
}

const ASSOCIATION = 15;
const OBJECT_LIST = 2;
const LOGICAL_NAME_LENGTH = 6;

/** The association that asks itself, and where meters that do not know it by that name have theirs. */
const associations: readonly LogicalName[] = [
  "0.0.40.0.0.255",
  ...Array.from({ length: 8 }, (_, k) => `0.0.40.0.${k + 1}.255`),
];

/** Where a list of objects was found; undefined where the meter has none, and usual objects stand for it. */
export interface ObjectsOf {
  readonly association: LogicalName | undefined;
  readonly object: ListedObject;
}

/** All objects as they come, however many there are. */
export async function* objectsOf(meter: Asks): AsyncGenerator<ObjectsOf, AccessResult | undefined> {
  let why: AccessResult | undefined;
  for (const association of associations) {
    let any = false;
    for await (const one of meter.stream({ classId: ASSOCIATION, logicalName: association, attribute: OBJECT_LIST })) {
      if ("denied" in one) {
        why ??= one.denied;
        break;
      }
      const object = objectIn(one.data);
      if (object === undefined) continue;
      any = true;
      yield { association, object };
    }
    if (any) return undefined;
  }
  for (const object of usualObjects)
    yield { association: undefined, object: { ...object, version: 0, readable: undefined } };
  return why;
}

/** A member of an object list; undefined of what is none. */
export function objectIn(data: Data): ListedObject | undefined {
  const [classId, version, name, rights] = membersOf(data);
  if (classId?.type !== "long-unsigned" || name?.type !== "octet-string") return undefined;
  if (name.value.length !== LOGICAL_NAME_LENGTH) return undefined;
  const [attributes] = membersOf(rights);
  return {
    classId: classId.value,
    version: version?.type === "unsigned" ? version.value : 0,
    logicalName: logicalNameOf(name.value),
    readable: attributes === undefined ? undefined : readableIn(attributes),
  };
}

/**
 * Enumerations up to version 2 of the association: 1 read, 3 read and write, 4 to 6 the same authenticated. From version 3 on they are
 * bits, of which the first is reading: what both understand as none is none, the rest is tried.
 */
const unreadable: ReadonlySet<number> = new Set([0, 2, 5]);
const READ_BIT = 1;

function readableIn(attributes: Data): ReadonlySet<number> {
  const all = membersOf(attributes).flatMap((one) => {
    const [id, mode] = membersOf(one);
    if (id?.type !== "integer" || mode === undefined || !("value" in mode) || typeof mode.value !== "number") return [];
    return unreadable.has(mode.value) && (mode.value & READ_BIT) === 0 ? [] : [id.value];
  });
  return new Set(all);
}

function membersOf(data: Data | undefined): readonly Data[] {
  return data?.type === "structure" || data?.type === "array" ? data.value : [];
}

/** Whether an attribute may be asked for: where nothing is said of it, it may. */
export function isReadable({ readable }: ListedObject, attribute: number): boolean {
  return readable === undefined || readable.size === 0 || readable.has(attribute);
}

/** The number that a value is; undefined of another. */
export function numberOf(data: Data): number | undefined {
  if (!("value" in data)) return undefined;
  return typeof data.value === "number" ? data.value : typeof data.value === "bigint" ? Number(data.value) : undefined;
}
