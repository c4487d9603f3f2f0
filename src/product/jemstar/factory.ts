/** Appendix A of the JEMStar II's manual: what a meter has after a cold start, as its configuration file says it. */
import type { DlmsClientSettings } from "#product/jemstar/dlms/configuration.ts";
import type { itemTypes } from "#quantity/register.ts";
import type { Measure } from "#quantity/measure.ts";
import { statusPoints } from "#quantity/meter-surface.ts";
import { same } from "#quantity/same.ts";
import type { ConfiguredTrigger, TriggerLevel } from "#revenue/settings/configuration.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { privileges, type Privilege } from "#revenue/people/security.ts";

const wh = (
  direction: "delivered" | "received",
  quantity: "Wh" | "varh" = "Wh",
  phase: Measure["phase"] = "polyphase",
) => ({
  quantity,
  phase,
  direction,
  compensated: false,
});
const kilo = {
  tariff: "total",
  units: "kilo",
  digits: 8,
  decimals: 0,
  leading: "zeros",
  scaling: "primary",
  selfRead: false,
} as const;
const energy = (number: number, label: string, of: Measure, storage: "working" | "billingReset" = "working") => ({
  ...kilo,
  id: number,
  label,
  type: "consumption" as const,
  measure: of,
  storage,
});
const item = (number: number, label: string, type: (typeof itemTypes)[number]) => ({
  id: number,
  label,
  type,
  selfRead: false,
});
const idString = (number: number) => ({ ...item(number, "Meter ID", "idString"), number: 1 });
const testRegister = (number: number, label: string, of: Measure) => ({
  ...energy(number, label, of),
  units: "units" as const,
  digits: 6,
  decimals: 2,
  pulseWeight: 1.8,
});

export const strings = [
  "JemStarII ID",
  "Ametek Power",
  "Rochester, New York",
  "Factory Default",
  "1-888-222-6282",
  "JemStar II",
  "Company Name",
  "-74.044500",
  "40.689249",
  "Custom Info",
];

/** Appendix A: what a meter has after a cold start. */
export const factory = {
  normal: [
    idString(0),
    item(1, "Time,PresTime&Date", "presentTime"),
    energy(2, "kWhr Delivered", wh("delivered")),
    energy(3, "kWhr Received", wh("received")),
    energy(4, "kVARhr Delivered", wh("delivered", "varh")),
    energy(5, "kVARhr Received", wh("received", "varh")),
  ],
  alternate: [
    // The manual's picture has lost its first row; this is what belongs before the others.
    energy(100, "kWhr Delivered BPR", wh("delivered"), "billingReset"),
    energy(101, "kWhr Received BPR", wh("received"), "billingReset"),
    energy(102, "kVARhr Delivered BPR", wh("delivered", "varh"), "billingReset"),
    energy(103, "kVARhr Received BPR", wh("received", "varh"), "billingReset"),
    item(104, "Last BPR Time & Date", "lastBillingReset"),
    item(105, "IDStatus, Phasor Display", "phasorDisplay"),
    item(106, "IDStatus, Comm Status", "communicationStatus"),
    item(107, "Status Word, System Bit", "systemBits"),
  ],
  test: [
    testRegister(200, "Watthour Delivered", wh("delivered")),
    testRegister(201, "Watthour Received", wh("received")),
    testRegister(202, "VARhour Delivered", wh("delivered", "varh")),
    ...(["a", "b", "c"] as const).map((phase, k) =>
      testRegister(203 + k, `Watthour Del Phase ${phase.toUpperCase()}`, wh("delivered", "Wh", phase)),
    ),
    ...(["a", "b", "c"] as const).map((phase, k) =>
      testRegister(206 + k, `Watthour Rec Phase ${phase.toUpperCase()}`, wh("received", "Wh", phase)),
    ),
  ],
};

export const factoryProfile = {
  channels: [wh("delivered"), wh("received"), wh("delivered", "varh"), wh("received", "varh")].map((one) => ({
    measure: one,
    // A thousandth of a kWh or kvarh, the measurement units of Appendix A.
    km: 1,
    records: "always" as const,
  })),
  minutes: 15 as const,
  externalSync: false,
  data: "counts" as const,
  events: true,
  freezeMarkers: true,
};

/** Registers that are Modbus counters: energies, from 40001 on. */
export const factoryCounters = [2, 3, 4, 5].map((register) => ({ register, scaling: 1 }));

/** Points 1 to 10 of the Modbus analogs. */
export const factoryAnalogs = [
  { measure: { quantity: "W", phase: "a", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "b", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "c", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "polyphase", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "PF", phase: "polyphase", direction: "received", compensated: false }, scaling: 1 },
  { measure: { quantity: "V", phase: "b", direction: "bidirectional", compensated: false }, scaling: 1 },
  { measure: { quantity: "A2", phase: "polyphase", direction: "bidirectional", compensated: false }, scaling: 1 },
  {
    measure: { quantity: "unbalance.A", phase: "polyphase", direction: "bidirectional", compensated: false },
    scaling: 1,
  },
  { measure: { quantity: "VA.arithmetic", phase: "a", direction: "bidirectional", compensated: false }, scaling: 1 },
  { measure: { quantity: "PF.arithmetic", phase: "b", direction: "bidirectional", compensated: false }, scaling: 1 },
] as const;

/** Points 1 to 10 of the DNP analogs, of which the manual prints no direction: W and var with their sign, VA without. */
export const factoryDnpAnalogs = (
  [
    ...(["W", "var"] as const).flatMap((quantity) =>
      (["a", "b", "c", "polyphase"] as const).map((phase) => [quantity, phase] as const),
    ),
    ["VA", "a"],
    ["VA", "b"],
  ] as const
).map(([quantity, phase]) => ({
  measure: {
    quantity,
    phase,
    direction: quantity === "VA" ? ("absolute" as const) : ("bidirectional" as const),
    compensated: false,
  },
  scaling: 1000,
  scaling16: 1,
  deadband: 0,
}));

/** DNP binaries: the meter status that Appendix G names, in its order. */
export const factoryDnpBinaries = statusPoints
  .filter((status) => status !== "generalFailure")
  .map((status) => ({ status }));

/** Who may associate over DLMS: the public client, and one that shows the password of the administrator. */
export const factoryDlmsClients: readonly DlmsClientSettings[] = [
  { sap: 16, authentication: ["none"], ciphering: "no", suite: 0, policy: [] },
  { sap: 1, authentication: ["low"], user: "admin", ciphering: "no", suite: 0, policy: [] },
];

/** Objects of totals that IEC 60870-5-102 has a meaning for: active in and out, reactive by quadrant. */
export const factoryIec102Objects = [
  { object: 1, measure: wh("delivered") },
  { object: 2, measure: wh("received") },
  ...(["q1", "q2", "q3", "q4"] as const).map((direction, k) => ({
    object: 3 + k,
    measure: { quantity: "varh", phase: "polyphase", direction, compensated: false } as const,
  })),
].map((one) => ({ ...one, scaling: 1 }));

const contact = {
  ke: 0.1,
  contact: "toggle" as const,
  normally: "open" as const,
  pulseMs: 40,
  everyMinutes: 1,
  debounceMs: 20,
};
const energyPulse = (direction: "delivered" | "received", quantity: "Wh" | "varh") => ({
  ...contact,
  mode: "outputEnergyPulse" as const,
  measure: { quantity, phase: "polyphase" as const, direction, compensated: false },
});
const plainChannel = (mode: "none" | "outputAlarm" | "outputClockPulse" | "inputStatus") => ({ ...contact, mode });

/** Input/Output: four energy pulses, an alarm, clock pulses, two status inputs. */
export const factoryIo = [
  energyPulse("delivered", "Wh"),
  energyPulse("received", "Wh"),
  energyPulse("delivered", "varh"),
  energyPulse("received", "varh"),
  plainChannel("outputAlarm"),
  plainChannel("outputClockPulse"),
  plainChannel("inputStatus"),
  plainChannel("inputStatus"),
];

/** What a meter without digital inputs and outputs has. */
export const noIo = Array.from({ length: 8 }, () => plainChannel("none"));

/** Trigger Setup: id, what, of which phase, how, alarm and reset level, delay, the log that it fills. */
const triggerRows = [
  [1, "Sag", "V", "any", "<", 108, 110.4, 0, "sagSwell"],
  [2, "Swell", "V", "any", ">", 132, 129.6, 0, "sagSwell"],
  [3, "Interruption", "V", "all", "<", 60, 61.2, 0, "interruption"],
  [4, "Phase loss A", "V", "a", "<", 60, 60.18, 1000],
  [5, "Phase loss B", "V", "b", "<", 60, 60.18, 1000],
  [6, "Phase loss C", "V", "c", "<", 60, 60.18, 1000],
  [7, "Volts rotation", "rotation.V", "polyphase", ">", 30, 29.91, 500],
  [8, "Amps rotation", "rotation.A", "polyphase", ">", 60, 59.82, 500],
  [9, "Volts imbalance", "unbalance.V", "polyphase", ">", 6, 5.982, 500],
  [10, "Amps imbalance", "unbalance.A", "polyphase", ">", 50, 49.85, 500],
  [11, "Rapid voltage change", "V", "any", ">", 6, 3, 0, "rapidVoltageChange"],
] as const;

export const factoryTriggers = triggerRows.map(
  ([id, label, quantity, phase, operator, alarm, reset, delayMs, records]) => ({
    id,
    enabled: true,
    label,
    measure: { quantity, phase: "polyphase" as const, direction: "bidirectional" as const, compensated: false },
    phase,
    operator,
    alarm,
    reset,
    delayMs,
    resetDelayMs: 0,
    ...(records === undefined ? {} : { records }),
  }),
);

/**
 * The twelfth, of meters that record waveforms: its delay is not legible, one sample, and what is cut off of its phase begins with A as Any
 * does.
 */
const transient = {
  id: 12,
  enabled: true,
  label: "Transient",
  measure: {
    quantity: "V" as const,
    phase: "polyphase" as const,
    direction: "bidirectional" as const,
    compensated: false,
  },
  phase: "any" as const,
  operator: ">" as const,
  alarm: 10,
  delayMs: 0,
  resetDelayMs: 0,
  transient: { samples: 1, reset: 100 },
};

/** The nominal voltage that the factory's levels are of. */
export const FACTORY_VOLTS = 120;

const percentOf = (volts: number): TriggerLevel => `${Number(((100 * volts) / FACTORY_VOLTS).toFixed(4))} %`;

/** The same of another nominal voltage: those on volts are at the same percents of it. */
const nominalTriggers = factoryTriggers.map((one) =>
  one.measure.quantity === "V" ? { ...one, alarm: percentOf(one.alarm), reset: percentOf(one.reset) } : one,
);
const nominalTransient = { ...transient, alarm: percentOf(transient.alarm) };

const fromLineToLine = <T extends { readonly measure: object }>(one: T) => ({
  ...one,
  measure: { ...one.measure, quantity: "V.ll" as const },
});

/** The same where power quality is measured line to line: so are the triggers that record what befalls the voltage. */
const lineTriggers = nominalTriggers.map((one) => ("records" in one ? fromLineToLine(one) : one));

const setups = {
  factory: { triggers: factoryTriggers, further: transient },
  nominal: { triggers: nominalTriggers, further: nominalTransient },
  line: { triggers: lineTriggers, further: fromLineToLine(nominalTransient) },
} as const;

/**
 * The factory's triggers as a meter is set up and was ordered: `at` its own nominal voltage to neutral, at another, or line to line where power quality is
 * measured so.
 */
export function triggersOf(at: "factory" | "nominal" | "line", waveforms: boolean): readonly object[] {
  const { triggers, further } = setups[at];
  return waveforms ? [...triggers, further] : triggers;
}

/** Whether a trigger is the factory's on transients. */
export function isFactoryTransient({ id, label, transient: filter }: ConfiguredTrigger): boolean {
  return id === transient.id && label === transient.label && same(filter, transient.transient);
}

/** Ports by what was ordered (section Communication Ports): every meter has its optical one. */
const portsByOption = {
  "1B": ["port3", "port4"],
  "2A": ["ethernet1"],
  "2B": ["ethernet1", "ethernet2"],
  "3A": ["modem"],
} as const;

export type OrderedPort = (typeof portsByOption)[keyof typeof portsByOption][number];

/** Whether a key of the communications is that of a port that not every meter has. */
export function isOptional(key: string): key is OrderedPort {
  return Object.values(portsByOption).some((ports) => (ports as readonly string[]).includes(key));
}

/** The ports that were ordered, by their keys in a configuration. */
export function portsOf(communication: Ordered["communication"]): readonly OrderedPort[] {
  return Object.entries(portsByOption).flatMap(([option, ports]) => (communication.has(option) ? [...ports] : []));
}

/** What the factory's configuration (Appendix A, of a form 9 meter with everything) has otherwise on the meter that was ordered. */
export function factoryOf({ form, amps, communication, options }: Ordered): Record<string, unknown> {
  return {
    primary: {
      ...(form === "5" ? { connection: "3 wire delta" } : {}),
      // Class 2 is for transformers of 1 A: 0.001-1(2) A.
      ...(amps === 2 ? { nominalCurrent: 1 } : {}),
    },
    communications: Object.fromEntries(portsOf(communication).map((port) => [port, {}])),
    ...(options.has("DIO") || options.has("DIOP") ? {} : { io: noIo }),
  };
}

/** What every MID meter has of registers and profile channels (section MID Billing Registers): type, measure, storage. */
export const midRegisters = {
  normal: [wh("delivered"), wh("received"), wh("delivered", "varh"), wh("received", "varh")],
  storages: { normal: "working", alternate: "billingReset" },
} as const;

const user = (name: string, allowed: readonly Privilege[]) => ({ name, privileges: [...allowed] });

/** User Management; every password is the user's name. */
export const factoryUsers = [
  user("admin", privileges),
  user("user1", ["setTime", "freeze", "testMode", "billingReset", "preset", "batteryStatus"]),
  user("user2", ["setTime", "billingReset"]),
  user("pq", [
    "configureIo",
    "configureTriggers",
    "configurePowerQuality",
    "configureMeasurementLog",
    "configurationFile",
    "readAlarms",
    "readEvents",
    "readDiagnostics",
    "readPowerQuality",
    "readMeasurementLog",
  ]),
];
