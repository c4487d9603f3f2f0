/** Bits of TrgOps and of reasons, and of OptFlds (IEC 61850-8-1, 8.1.3.8 and 8.1.3.9): the first of each is reserved, and the highest. */
import type { ReportFields, TriggerOptions, Triggers } from "#protocol/iec61850/model/ied.ts";

export const TRIGGER_WIDTH = 6;
export const triggerBits = {
  dataChange: 0x10,
  qualityChange: 0x08,
  dataUpdate: 0x04,
  integrity: 0x02,
  generalInterrogation: 0x01,
} as const satisfies Record<keyof TriggerOptions, number>;

/** Those that a change makes: an event. */
export const EVENTS = triggerBits.dataChange | triggerBits.qualityChange | triggerBits.dataUpdate;
/** Those that a client may set. */
export const ALL_TRIGGERS = 0x1f;

export const FIELD_WIDTH = 10;
export const fieldBits = {
  sequenceNumber: 0x100,
  timeStamp: 0x080,
  reason: 0x040,
  dataSet: 0x020,
  dataReference: 0x010,
  bufferOverflow: 0x008,
  entryId: 0x004,
  configRevision: 0x002,
} as const satisfies Record<keyof ReportFields, number>;

/** Set in a report that comes in pieces, by the server alone. */
export const SEGMENTATION = 0x001;
/** Those that a client may set. */
export const ALL_FIELDS = 0x1fe;
/** What no unbuffered report has, whatever its block says (IEC 61850-7-2, 17.2.5.2). */
export const ONLY_BUFFERED = fieldBits.bufferOverflow | fieldBits.entryId;

export function triggersOf(options: TriggerOptions): number {
  return bitsOf(options, triggerBits);
}

/** What the change of an attribute triggers. */
export function bitsOfTriggers({ dataChange, qualityChange, dataUpdate }: Triggers): number {
  return (
    (dataChange === true ? triggerBits.dataChange : 0) |
    (qualityChange === true ? triggerBits.qualityChange : 0) |
    (dataUpdate === true ? triggerBits.dataUpdate : 0)
  );
}

export function fieldsOf(fields: ReportFields): number {
  return bitsOf(fields, fieldBits);
}

function bitsOf<Name extends string>(
  set: Readonly<Record<Name, boolean>>,
  bits: Readonly<Record<Name, number>>,
): number {
  let all = 0;
  for (const name in bits) if (set[name]) all |= bits[name];
  return all;
}
