/**
 * The Register objects of Appendix D: primary values in thousandths, as whole numbers without a sign, which is what the manual prints. Of
 * 64 bits power factors and angles have theirs.
 */
import { registerObject } from "#protocol/dlms/cosem/register.ts";
import type { CosemObject, Denied } from "#protocol/dlms/cosem/object.ts";
import { doubleLongUnsigned, long64, long64Unsigned, type Data } from "#protocol/dlms/data/data.ts";
import { parseMeasure } from "#quantity/measure-name.ts";
import { registerRows, type RegisterRow } from "./register-table.ts";
import { readable, type Shown } from "./shown.ts";

/** Units as the manual prints them, by their numbers (Blue Book, Table 4). */
const unitNumbers: Readonly<Record<RegisterRow[4], number>> = {
  W: 27,
  VAR: 29,
  VA: 28,
  V: 35,
  A: 33,
  "": 255,
  HZ: 44,
  Deg: 8,
  Wh: 30,
};

const MOST = 0xffffffff;

export function registerObjects(shown: Shown): readonly CosemObject[] {
  const access = readable(shown, "readings");
  const { surface, configuration } = shown;
  const { scaler, width } = configuration.dlms.registers;
  return registerRows.map(([, code, , , unit, name]) => {
    const measure = parseMeasure(name);
    const value = (): Data | Denied => {
      const reading = measure === undefined ? undefined : surface.read(measure, "primary").value;
      // Nothing is known of it now: before anything was measured, or while its source is silent.
      if (reading === undefined) return { denied: "temporary-failure" };
      const thousandths = Math.round(reading * 1000);
      return width === 64 ? wide(thousandths, unit) : narrow(thousandths, unit);
    };
    return registerObject(code, { value, access, scaler, unit: unitNumbers[unit] });
  });
}

/** What can be negative: lagging and leading, ahead and behind. */
function isSigned(unit: RegisterRow[4]): boolean {
  return unit === "" || unit === "Deg";
}

function wide(thousandths: number, unit: RegisterRow[4]): Data {
  const value = BigInt(thousandths);
  return isSigned(unit) ? long64(value) : long64Unsigned(value);
}

/**
 * A counter of 32 bits begins again, as every counter does; a power that has no room in them has no value. A power factor is told by its
 * magnitude; an angle that is behind by how far it is ahead, up to 360 degrees.
 */
function narrow(thousandths: number, unit: RegisterRow[4]): Data | Denied {
  if (unit === "Deg") return doubleLongUnsigned(((thousandths % 360_000) + 360_000) % 360_000);
  const value = Math.abs(thousandths);
  if (unit === "Wh") return doubleLongUnsigned(value % (MOST + 1));
  return value > MOST ? { denied: "other-reason" } : doubleLongUnsigned(value);
}
