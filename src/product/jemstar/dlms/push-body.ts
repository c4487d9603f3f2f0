/** What a notification tells: the attributes of its setup, as anybody may read them. */
import { array, nullData, structure, type Data } from "#protocol/dlms/data/data.ts";
import { accessOf, type Asker, type CosemObject, type Rows } from "#protocol/dlms/cosem/object.ts";
import type { CaptureObject } from "#protocol/dlms/cosem/capture-object.ts";
import type { Session } from "#quantity/authority.ts";
import { nameData } from "#protocol/dlms/cosem/octet-data.ts";
import type { PushSettings } from "./push-settings.ts";

/** Rows of a buffer that are pushed: the newest. */
const MOST_ROWS = 16;

export function pushedObjects({ objects }: Pick<PushSettings, "objects">): readonly CaptureObject[] {
  return objects.map((one) => ({
    classId: one.class,
    logicalName: one.object,
    attribute: one.attribute,
    dataIndex: 0,
  }));
}

/** A structure of them; null-data of what there is not, or what may not be read. */
export function pushBody(
  settings: Pick<PushSettings, "client" | "objects">,
  objects: readonly CosemObject[],
  session: Session,
): Data {
  const asker: Asker = { session, client: settings.client };
  const values = pushedObjects(settings).map(({ classId, logicalName, attribute }): Data => {
    const object = objects.find((one) => one.logicalName === logicalName && one.classId === classId);
    if (object === undefined) return nullData;
    if (attribute === 1) return nameData(logicalName);
    const found = object.attributes.find(({ id }) => id === attribute);
    if (found === undefined || !accessOf(found, asker).startsWith("read")) return nullData;
    const value = found.get(asker);
    if ("denied" in value) return nullData;
    return value.type === "rows" ? newest(value) : value;
  });
  return structure(...values);
}

/** What setups name that there is not, by its key in the configuration. */
export function pushProblems(setups: readonly PushSettings[], objects: readonly CosemObject[]): readonly string[] {
  return setups.flatMap((settings, k) =>
    pushedObjects(settings).flatMap(({ classId, logicalName, attribute }, place) => {
      const at = `dlms.push[${k}].objects[${place}]`;
      const object = objects.find((one) => one.logicalName === logicalName);
      if (object === undefined) return [`${at}: there is no ${logicalName}; nothing is pushed of it`];
      if (object.classId !== classId)
        return [`${at}: ${logicalName} is of class ${object.classId}, found ${classId}; nothing is pushed of it`];
      return attribute === 1 || object.attributes.some(({ id }) => id === attribute)
        ? []
        : [`${at}: ${logicalName} has no attribute ${attribute}; nothing is pushed of it`];
    }),
  );
}

function newest(rows: Rows): Data {
  const from = Math.max(0, rows.count - MOST_ROWS);
  return array(Array.from({ length: rows.count - from }, (_, k) => rows.row(from + k) ?? nullData));
}
