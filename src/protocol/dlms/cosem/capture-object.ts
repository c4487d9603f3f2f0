/** capture_object_definition: what a column of a profile is (Blue Book 4.3.6.2.1). */
import { integer, longUnsigned, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import { logicalNameBytes, logicalNameOf, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { membersOf, wholeOf } from "./read-data.ts";

/** What a column is a capture of: an attribute of an object, of an array one of its members from 1 on. */
export interface CaptureObject {
  readonly classId: number;
  readonly logicalName: LogicalName;
  /** From 1. */
  readonly attribute: number;
  /** 0 is the whole attribute. */
  readonly dataIndex: number;
}

/** The clock of a meter, as a column. */
export const clockColumn: CaptureObject = { classId: 8, logicalName: "0.0.1.0.0.255", attribute: 2, dataIndex: 0 };

export function captureObject({ classId, logicalName, attribute, dataIndex }: CaptureObject): Data {
  return structure(
    longUnsigned(classId),
    octets(logicalNameBytes(logicalName)),
    integer(attribute),
    longUnsigned(dataIndex),
  );
}

export function captureObjectOf(data: Data): CaptureObject | undefined {
  const [classId, name, attribute, dataIndex] = membersOf(data, 4) ?? [];
  const [kind, at, index] = [classId, attribute, dataIndex].map((one) =>
    one === undefined ? undefined : wholeOf(one),
  );
  if (name?.type !== "octet-string" || name.value.length !== 6) return undefined;
  if (kind === undefined || at === undefined || index === undefined) return undefined;
  return { classId: kind, logicalName: logicalNameOf(name.value), attribute: at, dataIndex: index };
}

export function isSameCapture(one: CaptureObject, other: CaptureObject): boolean {
  return (
    one.classId === other.classId &&
    one.logicalName === other.logicalName &&
    one.attribute === other.attribute &&
    one.dataIndex === other.dataIndex
  );
}
