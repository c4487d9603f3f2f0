/** A JEMStar II whose objects are asked as a server asks them: what tests of Appendix D stand on. */
import assert from "node:assert/strict";
import type { TestContext } from "node:test";
import { deviceOf, type JemStarDevice } from "#product/jemstar/product.ts";
import { decodeData } from "#protocol/dlms/data/decode.ts";
import { dateTimeOf, type DateTime } from "#protocol/dlms/data/date-time.ts";
import { encodeData } from "#protocol/dlms/data/encode.ts";
import type { Data } from "#protocol/dlms/data/data.ts";
import type { DlmsHost, LogicalDevice } from "#protocol/dlms/cosem/logical-device.ts";
import { accessOf, type Asker, type Attribute, type CosemObject, type Selection } from "#protocol/dlms/cosem/object.ts";
import type { Session } from "#quantity/authority.ts";
import { jemStar, type JemStarRig } from "./authority-rig.ts";

export const DLMS_MODEL = "JSII-09I6020-1B/2A-DIO/DLMS/DLP";

/** Phases that are told apart: 377.6, 363 and 744 W; 283.2, 484 and 0 var. */
export const UNEQUAL = "volts: [118, 121, 124], amps: [4, 5, 6], pf: [0.8, 0.6, 1]";

/** A row of a load profile, in words. */
export interface RowView {
  /** "2026-03-29 02:00:00", as the wall clock showed it. */
  readonly at: string;
  readonly deviation: number | undefined;
  readonly clock: number | undefined;
  readonly status: number;
  readonly values: readonly (number | undefined)[];
}

export interface DlmsMeter extends JemStarRig {
  readonly device: JemStarDevice;
  readonly host: DlmsHost;
  readonly logicalDevice: LogicalDevice;
  object(name: string): CosemObject;
  /** What an attribute is, in hex; why it is denied, in words. */
  get(name: string, attribute: number, session?: Session): string;
  value(name: number): number;
  number(name: string, session?: Session): number | bigint;
  /** What writing the time comes to. */
  setTime(hex: string, session?: Session): string;
  rows(name: string, selection?: { readonly selector: number; readonly parameters: string }): readonly RowView[];
}

export function wordsOf({ year, month, day, hour, minute, second }: DateTime): string {
  const two = (value: unknown): string => String(value).padStart(2, "0");
  return `${year}-${two(month)}-${two(day)} ${two(hour)}:${two(minute)}:${two(second)}`;
}

export function hexOf(data: Data): string {
  return encodeData(data).toHex().toUpperCase();
}

export function dlmsMeter(t: TestContext, options: Parameters<typeof jemStar>[1] = {}): DlmsMeter {
  const rig = jemStar(t, { modelNumber: DLMS_MODEL, source: UNEQUAL, ...options });
  const device = deviceOf(rig.jem);
  const host = device.bindings.dlms?.({ port: "ethernet 1" });
  assert.ok(host !== undefined);
  const managed = (): LogicalDevice => {
    const [found] = host.logicalDevices;
    assert.ok(found !== undefined);
    return found;
  };
  const stranger = (): Session => device.surface.open({ protocol: "dlms", port: "ethernet 1", near: false });
  const askerOf = (session: Session = stranger()): Asker => ({ session, client: 16 });
  const object = (name: string): CosemObject => {
    const found = managed().objects.find(({ logicalName }) => logicalName === name);
    assert.ok(found !== undefined, `there is no ${name}`);
    return found;
  };
  const attributeOf = (name: string, id: number): Attribute => {
    const found = object(name).attributes.find((one) => one.id === id);
    assert.ok(found !== undefined, `${name} has no attribute ${id}`);
    return found;
  };
  const asked = (name: string, id: number, session?: Session, selection?: Selection) => {
    const attribute = attributeOf(name, id);
    const asker = askerOf(session);
    if (!accessOf(attribute, asker).startsWith("read")) return { denied: "read-write-denied" } as const;
    return attribute.get(asker, selection);
  };
  const read = (name: string, id: number, session?: Session): Data => {
    const value = asked(name, id, session);
    assert.ok(!("denied" in value), `${name} attribute ${id}: ${"denied" in value ? value.denied : ""}`);
    assert.ok(value.type !== "rows");
    return value;
  };
  return {
    ...rig,
    device,
    host,
    get logicalDevice() {
      return managed();
    },
    object,
    get(name, id, session) {
      const value = asked(name, id, session);
      if ("denied" in value) return value.denied;
      return value.type === "rows" ? `${value.count} rows` : hexOf(value);
    },
    number(name, session) {
      const data = read(name, 2, session);
      assert.ok("value" in data && (typeof data.value === "number" || typeof data.value === "bigint"), data.type);
      return data.value;
    },
    setTime(hex, session) {
      const attribute = attributeOf("0.0.1.0.0.255", 2);
      const asker = askerOf(session);
      if (!accessOf(attribute, asker).endsWith("write")) return "read-write-denied";
      return attribute.set?.(asker, decodeData(Uint8Array.fromHex(hex.replaceAll(" ", "")))) ?? "no set";
    },
    rows(name, selection) {
      const value = asked(
        name,
        2,
        undefined,
        selection && {
          ...selection,
          parameters: decodeData(Uint8Array.fromHex(selection.parameters.replaceAll(" ", ""))),
        },
      );
      assert.ok(!("denied" in value), "denied" in value ? value.denied : "");
      assert.ok(value.type === "rows");
      return Array.from({ length: value.count }, (_, k) => rowView(value.row(k)));
    },
  };
}

function rowView(row: Data | undefined): RowView {
  assert.ok(row?.type === "structure");
  const [clock, status, ...values] = row.value;
  assert.ok(clock?.type === "octet-string" && status?.type === "double-long-unsigned");
  const at = dateTimeOf(clock.value);
  return {
    at: wordsOf(at),
    deviation: at.deviation,
    clock: at.status,
    status: status.value,
    values: values.map((one) => {
      if (one.type === "null-data") return undefined;
      assert.ok(one.type === "float32" || one.type === "double-long-unsigned", one.type);
      return one.value;
    }),
  };
}
