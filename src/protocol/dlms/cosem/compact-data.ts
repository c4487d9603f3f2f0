/**
 * Compact data: values of many attributes in one octet string, whose types a template tells once (Blue Book 4.3.10, class_id 62, version 0). The first
 * of them is the template's own number, by which whoever has the template finds it.
 */
import { array, enumerated, octets, tags, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { captureObject, type CaptureObject } from "./capture-object.ts";
import { readAttribute } from "./data.ts";
import type { Asker, CosemObject, Denied } from "./object.ts";

/** Types that have no others in them. */
export type PlainType = Exclude<Data["type"], "array" | "structure" | "compact-array">;

export interface CompactColumn {
  readonly captured: CaptureObject;
  readonly type: PlainType;
  readonly value: (asker: Asker) => Data | Denied;
}

const CLASS = 62;
const TEMPLATE_ID = 4;
/** capture_method: when the buffer is read. */
const UPON_READING = 1;

export function compactData(
  logicalName: LogicalName,
  templateId: number,
  columns: readonly CompactColumn[],
): CosemObject {
  const own: CompactColumn = {
    captured: { classId: CLASS, logicalName, attribute: TEMPLATE_ID, dataIndex: 0 },
    type: "unsigned",
    value: () => unsigned(templateId),
  };
  const all = [own, ...columns];
  const description = Uint8Array.of(tags.structure, all.length, ...all.map(({ type }) => tags[type]));
  /** All of them without their types; denied where one is not of its type. */
  const buffer = (asker: Asker): Data | Denied => {
    const parts: number[] = [];
    for (const { type, value } of all) {
      const found = value(asker);
      if ("denied" in found) return found;
      if (found.type !== type) return { denied: "temporary-failure" };
      parts.push(...encodeData(found).subarray(1));
    }
    return octets(Uint8Array.from(parts));
  };
  return {
    classId: CLASS,
    version: 0,
    logicalName,
    attributes: [
      readAttribute(2, "compact_buffer", buffer),
      readAttribute(3, "capture_objects", () => array(all.map(({ captured }) => captureObject(captured)))),
      readAttribute(TEMPLATE_ID, "template_id", () => unsigned(templateId)),
      readAttribute(5, "template_description", () => octets(description)),
      readAttribute(6, "capture_method", () => enumerated(UPON_READING)),
    ],
    methods: [],
  };
}
