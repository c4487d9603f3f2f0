/**
 * Roles of Modbus/TCP Security (MB-TCP-Security-v21): the certificate of a client carries one, and the server decides what
 * the role may do. What it may not is answered with exception 01.
 */
import { WireError } from "#wire/cursor.ts";
import { elements, objectIdentifier, tag } from "#wire/der.ts";
import { UnitBehind } from "./unit-behind.ts";
import type { ModbusUnit, Units } from "./unit.ts";

/** What a role may do: look, or change things too. */
export type Rights = "read" | "write";

const ROLE = "1.3.6.1.4.1.50316.802.1";

/** Context tag 3 of a certificate's body: its extensions (RFC 5280, clause 4.1). */
const EXTENSIONS = 0xa3;

/** Functions that change nothing, not even how the unit communicates. */
const looking: ReadonlySet<number> = new Set([0x01, 0x02, 0x03, 0x04, 0x07, 0x0b, 0x0c, 0x11, 0x2b]);

/** The role in a certificate (DER); undefined when it carries none, or is no certificate. */
export function roleOf(certificate: Uint8Array): string | undefined {
  try {
    const [whole] = elements(certificate, 0, certificate.length);
    const [body] = whole === undefined ? [] : elements(certificate, whole.from, whole.to);
    if (body === undefined) return undefined;
    const tagged = elements(certificate, body.from, body.to).find((one) => one.tag === EXTENSIONS);
    const [list] = tagged === undefined ? [] : elements(certificate, tagged.from, tagged.to);
    if (list === undefined) return undefined;
    for (const extension of elements(certificate, list.from, list.to)) {
      const parts = elements(certificate, extension.from, extension.to);
      const [id, value] = [parts[0], parts.at(-1)];
      if (id?.tag !== tag.objectIdentifier || objectIdentifier(certificate, id) !== ROLE) continue;
      if (value?.tag !== tag.octetString) return undefined;
      const [text] = elements(certificate, value.from, value.to);
      if (text?.tag !== tag.utf8String) return undefined;
      return new TextDecoder().decode(certificate.subarray(text.from, text.to));
    }
  } catch (error) {
    if (!(error instanceof WireError)) throw error;
  }
  return undefined;
}

/** The units as somebody with these rights sees them; without any, every request is refused. */
export function unitsFor(units: Units, rights: Rights | undefined): Units {
  if (rights === "write") return units;
  const guarded = new WeakMap<ModbusUnit, ModbusUnit>();
  const guard = (unit: ModbusUnit): ModbusUnit => {
    const known = guarded.get(unit) ?? new GuardedUnit(unit, rights);
    guarded.set(unit, known);
    return known;
  };
  return {
    find(address) {
      const unit = units.find(address);
      return unit === undefined ? undefined : guard(unit);
    },
    all: () => [...units.all()].map(guard),
  };
}

class GuardedUnit extends UnitBehind {
  readonly #rights: Rights | undefined;

  constructor(unit: ModbusUnit, rights: Rights | undefined) {
    super(unit);
    this.#rights = rights;
  }

  override allows(code: number): boolean {
    return this.#rights === "read" && looking.has(code) && super.allows(code);
  }
}
