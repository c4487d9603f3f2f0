/** What the meter is called, how it is, and how often it failed: identities, status words, nominal values and counters. */
import { doubleLongUnsigned, longUnsigned, nullData, octets, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { CaptureObject } from "#protocol/dlms/cosem/capture-object.ts";
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { stampData, textOctets } from "#protocol/dlms/cosem/octet-data.ts";
import { registerObject } from "#protocol/dlms/cosem/register.ts";
import { statusMapping } from "#protocol/dlms/cosem/status-mapping.ts";
import { LONG_OUTAGE_SECONDS, type EventCounts, type LogKind } from "#quantity/log.ts";
import type { Stamp } from "#quantity/stamp.ts";
import { unitNumber } from "./beyond-codes.ts";
import type { BeyondParts } from "./beyond-settings.ts";

/** Internal operating status: the system bits. */
const STATUS = "0.0.96.5.0.255";
export const statusColumn: CaptureObject = { classId: 63, logicalName: STATUS, attribute: 2, dataIndex: 0 };
/** System bits that the manual has. */
const SYSTEM_BITS = 12;
/** Identities that there are codes for behind the first one, 0.0.96.1.0. */
const IDENTITIES = 9;

/** Serial number, then the identification strings in their order; the tenth has no code. */
function identities({ surface, configuration }: BeyondParts): readonly CosemObject[] {
  const { serial } = surface.identity;
  const strings = configuration.identification.strings.slice(0, IDENTITIES);
  return [serial, ...strings].flatMap((text, e) =>
    text === "" ? [] : [dataObject(`0.0.96.1.${e}.255`, { value: () => octets(new TextEncoder().encode(text)) })],
  );
}

/** Contacts of a direction as bits, channel 1 the lowest. */
function contacts({ surface }: BeyondParts, direction: "input" | "output"): () => Data {
  return () => {
    const closed = surface.channels.filter(({ mode, closed: is }) => mode.startsWith(direction) && is);
    return unsigned(closed.reduce((bits, { channel }) => bits | (1 << (channel - 1)), 0));
  };
}

function statusObjects(parts: BeyondParts): readonly CosemObject[] {
  const { surface, configuration } = parts;
  const bits = (): Data => longUnsigned(surface.status().systemBits ?? 0);
  const has = (direction: string): boolean => configuration.io.some(({ mode }) => mode.startsWith(direction));
  const { triggerBits } = configuration;
  const filter = triggerBits.reduce((mask, ids, bit) => (ids.length > 0 ? mask | (1 << bit) : mask), 0);
  const alarms = (): Data => doubleLongUnsigned(surface.status().triggerBits ?? 0);
  const rate = (): Data => {
    const { rate: active } = surface.status();
    return active === "none" ? nullData : textOctets(active);
  };
  return [
    statusMapping(STATUS, { word: bits, table: 0, entries: Array.from({ length: SYSTEM_BITS }, (_, k) => k + 1) }),
    ...(has("input") ? [dataObject("0.0.96.3.1.255", { value: contacts(parts, "input") })] : []),
    ...(has("output") ? [dataObject("0.0.96.3.2.255", { value: contacts(parts, "output") })] : []),
    // "Currently active energy tariff".
    ...(configuration.tou.seasons.length > 0 ? [dataObject("0.0.96.14.0.255", { value: rate })] : []),
    ...(filter === 0
      ? []
      : [
          dataObject("0.0.97.98.0.255", { value: alarms }),
          dataObject("0.0.97.98.10.255", { value: () => doubleLongUnsigned(filter) }),
        ]),
  ];
}

/** Thousandths of what the line is nominally. */
function nominalObjects({ configuration }: BeyondParts): readonly CosemObject[] {
  const { nominalVoltage, nominalCurrent } = configuration.primary;
  const nominal = (logicalName: string, value: number, unit: string): CosemObject =>
    registerObject(logicalName, {
      value: () => doubleLongUnsigned(Math.round(1000 * value)),
      scaler: -3,
      unit: unitNumber(unit),
    });
  return [nominal("1.0.0.6.0.255", nominalVoltage, "V"), nominal("1.0.0.6.1.255", nominalCurrent, "A")];
}

/** Of voltage by phase: D 32 counts sags, 36 swells. */
const phases = { a: 32, b: 52, c: 72 } as const;

function counterObjects({ surface }: BeyondParts): readonly CosemObject[] {
  const counts = surface.eventCounts();
  if (counts === undefined) return [];
  type Count = (counts: EventCounts) => number | undefined;
  const value = (of: Count) => (): Data => {
    const now = surface.eventCounts();
    const count = now === undefined ? undefined : of(now);
    return count === undefined ? nullData : doubleLongUnsigned(count);
  };
  const counted = (logicalName: string, of: Count): CosemObject => dataObject(logicalName, { value: value(of) });
  const seconds = (logicalName: string, of: Count): CosemObject =>
    registerObject(logicalName, { value: value(of), scaler: 0, unit: unitNumber("s") });
  const byPhase = Object.entries(phases) as [keyof typeof phases, number][];
  return [
    counted("0.0.96.7.21.255", ({ outages }) => outages),
    counted("0.0.96.7.9.255", ({ longOutages }) => longOutages),
    seconds("0.0.96.7.19.255", ({ lastLongOutageSeconds }) => lastLongOutageSeconds),
    seconds("0.0.96.7.20.255", () => LONG_OUTAGE_SECONDS),
    ...byPhase.map(([phase, c]) => counted(`1.0.${c}.32.0.255`, ({ sags }) => sags(phase))),
    ...byPhase.map(([phase, c]) => counted(`1.0.${c}.36.0.255`, ({ swells }) => swells(phase))),
  ];
}

/** How often it was configured, when last, and when the clock was set last. */
function changeObjects({ surface }: BeyondParts): readonly CosemObject[] {
  const last = (kind: LogKind): Stamp | undefined => surface.log(kind).page(surface.log(kind).next - 1, 1)[0]?.at;
  return [
    dataObject("0.0.96.2.0.255", { value: () => doubleLongUnsigned(surface.log("configuration").next) }),
    dataObject("0.0.96.2.1.255", { value: () => stampData(last("configuration")) }),
  ];
}

/** What stands in no log, register or schedule. */
export function statusesOf(parts: BeyondParts): readonly CosemObject[] {
  return [
    ...identities(parts),
    ...statusObjects(parts),
    ...nominalObjects(parts),
    ...counterObjects(parts),
    ...changeObjects(parts),
  ];
}
