/** The groups that every agent has: system and snmp (RFC 3418), and those of its engine (RFC 3411, RFC 3412, RFC 3414). */
import type { SnmpCounts } from "./counts.ts";
import { engineTime, type SnmpEngine } from "./engine.ts";
import {
  messageStats,
  meterMib,
  meterProduct,
  snmpEngineGroup,
  snmpGroup,
  system,
  targetGroup,
  usmStats,
} from "./names.ts";
import { scalarsBranch, tableBranch, type Branch, type Row } from "./objects.ts";
import type { Oid } from "./oid.ts";
import { counter, integerValue, textValue, ticks } from "./values.ts";

export interface SystemTexts {
  readonly description: string;
  readonly name: string;
  readonly contact: string;
  readonly location: string;
}

/** Of sysServices (RFC 3418, 2): applications. */
const APPLICATIONS = 64;

/** What it has of standard modules: sysORTable. */
const capabilities: readonly (readonly [module: Oid, text: string])[] = [
  [[1, 3, 6, 1, 6, 3, 1], "SNMPv2-MIB: system and snmp"],
  [[1, 3, 6, 1, 6, 3, 10], "SNMP-FRAMEWORK-MIB: the engine"],
  [[1, 3, 6, 1, 6, 3, 11], "SNMP-MPD-MIB: messages"],
  [[1, 3, 6, 1, 6, 3, 15], "SNMP-USER-BASED-SM-MIB: its statistics"],
  [meterMib, "POLYPHASE-METER-MIB: a meter"],
];
const capabilityRows = capabilities.map(([module, text], k): Row<{ module: Oid; text: string }> => {
  return { index: [k + 1], of: { module, text } };
});

export function systemBranches(
  engine: SnmpEngine,
  { description, name, contact, location }: SystemTexts,
  { counts, maxSize }: { readonly counts: SnmpCounts; readonly maxSize: number },
): readonly Branch[] {
  return [
    scalarsBranch({
      at: system,
      scalars: {
        1: () => textValue(description),
        2: () => ({ kind: "oid", value: meterProduct }),
        3: () => ticks(engine.elapsed()),
        4: () => textValue(contact),
        5: () => textValue(name),
        6: () => textValue(location),
        7: () => integerValue(APPLICATIONS),
        8: () => ticks(0),
      },
    }),
    tableBranch({
      at: [...system, 9, 1],
      rows: () => capabilityRows,
      columns: {
        2: ({ module }) => ({ kind: "oid", value: module }),
        3: ({ text }) => textValue(text),
        4: () => ticks(0),
      },
    }),
    scalarsBranch({
      at: snmpGroup,
      scalars: {
        1: () => counter(counts.inPackets),
        3: () => counter(counts.badVersions),
        4: () => counter(counts.badCommunityNames),
        5: () => counter(0),
        6: () => counter(counts.parseErrors),
        // snmpEnableAuthenTraps: enabled, where there are receivers.
        30: () => integerValue(1),
        31: () => counter(counts.silentDrops),
        32: () => counter(0),
      },
    }),
    scalarsBranch({
      at: snmpEngineGroup,
      scalars: {
        1: () => ({ kind: "octets", value: engine.id }),
        2: () => integerValue(engine.boots),
        3: () => integerValue(engineTime(engine)),
        4: () => integerValue(maxSize),
      },
    }),
    scalarsBranch({
      at: messageStats,
      scalars: {
        1: () => counter(counts.unknownSecurityModels),
        2: () => counter(counts.invalidMessages),
        3: () => counter(counts.unknownPduHandlers),
      },
    }),
    scalarsBranch({
      at: targetGroup,
      // snmpUnavailableContexts, snmpUnknownContexts.
      scalars: { 4: () => counter(0), 5: () => counter(counts.unknownContexts) },
    }),
    scalarsBranch({
      at: usmStats,
      scalars: {
        1: () => counter(counts.unsupportedSecurityLevels),
        2: () => counter(counts.notInTimeWindows),
        3: () => counter(counts.unknownUserNames),
        4: () => counter(counts.unknownEngineIds),
        5: () => counter(counts.wrongDigests),
        6: () => counter(counts.decryptionErrors),
      },
    }),
  ];
}
