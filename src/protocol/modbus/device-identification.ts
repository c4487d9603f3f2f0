/** Read Device Identification, function 0x2B / 0x0E (Modbus Application Protocol V1.1b3, clause 6.21). */
import { encodeResponse, Exception, MAX_PDU } from "./pdu.ts";

/** Texts by object id: 0 vendor, 1 product code, 2 revision are the basic ones. */
export interface DeviceIdentification {
  /** 1 basic, 2 regular, 3 extended; + 0x80 when single objects can be asked for. */
  readonly conformity: number;
  readonly objects: ReadonlyMap<number, string>;
}

/** The last object of each category. */
const LAST = [0, 2, 0x7f, 0xff];

/** The response PDU, or the exception. */
export function deviceIdentification(
  { conformity, objects }: DeviceIdentification,
  code: number,
  object: number,
): Uint8Array | Exception {
  if (code < 1 || code > 4) return Exception.illegalDataValue;
  const individual = (conformity & 0x80) !== 0;
  let ids: number[];
  if (code === 4) {
    if (!individual) return Exception.illegalDataValue;
    if (!objects.has(object)) return Exception.illegalDataAddress;
    ids = [object];
  } else {
    // A category above the device's is answered with what the device has.
    const last = LAST[Math.min(code, conformity & 0x7f)] ?? 2;
    const all = [...objects.keys()].filter((id) => id <= last).sort((a, b) => a - b);
    // An object that is not there starts the stream again.
    ids = all.includes(object) ? all.filter((id) => id >= object) : all;
  }
  const fit = new Map<number, string>();
  let size = 7;
  for (const id of ids) {
    const text = objects.get(id) ?? "";
    size += 2 + text.length;
    if (size > MAX_PDU) return encodeResponse({ kind: "identification", code, conformity, objects: fit, next: id });
    fit.set(id, text);
  }
  return encodeResponse({ kind: "identification", code, conformity, objects: fit });
}
