/** Appendix A of the JEMStar II's manual: what a meter has after a cold start, as its configuration file says it. */
import type { itemTypes } from "#revenue/configuration.ts";
import type { Measure } from "#revenue/measure.ts";
import { privileges, type Privilege } from "#revenue/security.ts";

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
const kilo = { tariff: "total", units: "kilo", digits: 8, decimals: 0, scaling: "primary", selfRead: false } as const;
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
const testRegister = (number: number, label: string, of: Measure) => ({
  ...energy(number, label, of),
  units: "units" as const,
  digits: 6,
  decimals: 2,
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
    item(1, "Time,PresTime&Date", "presentTime"),
    energy(2, "kWhr Delivered", wh("delivered")),
    energy(3, "kWhr Received", wh("received")),
    energy(4, "kVARhr Delivered", wh("delivered", "varh")),
    energy(5, "kVARhr Received", wh("received", "varh")),
  ],
  alternate: [
    energy(101, "kWhr Received BPR", wh("received"), "billingReset"),
    energy(102, "kVARhr Delivered BPR", wh("delivered", "varh"), "billingReset"),
    energy(103, "kVARhr Received BPR", wh("received", "varh"), "billingReset"),
    item(104, "Last BPR Time & Date", "lastBillingReset"),
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
    km: 0.001,
    records: "always" as const,
  })),
  minutes: 15 as const,
  externalSync: false,
  data: "counts" as const,
  events: true,
  freezeMarkers: true,
};

/** Points 1 to 10 of the Modbus analogs. */
export const factoryAnalogs = [
  { measure: { quantity: "W", phase: "a", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "b", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "c", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "W", phase: "polyphase", direction: "delivered", compensated: false }, scaling: 1 },
  { measure: { quantity: "PF", phase: "polyphase", direction: "received", compensated: false }, scaling: 1 },
  { measure: { quantity: "V", phase: "b", direction: "net", compensated: false }, scaling: 1 },
  { measure: { quantity: "A2", phase: "polyphase", direction: "net", compensated: false }, scaling: 1 },
  { measure: { quantity: "unbalance.A", phase: "polyphase", direction: "net", compensated: false }, scaling: 1 },
  { measure: { quantity: "VA.arithmetic", phase: "a", direction: "net", compensated: false }, scaling: 1 },
  { measure: { quantity: "PF.arithmetic", phase: "b", direction: "net", compensated: false }, scaling: 1 },
] as const;

const energyPulse = (direction: "delivered" | "received", quantity: "Wh" | "varh") => ({
  mode: "outputEnergyPulse" as const,
  measure: { quantity, phase: "polyphase" as const, direction, compensated: false },
  ke: 0.1,
  debounceMs: 0,
});
const plainChannel = (mode: "outputAlarm" | "outputClockPulse" | "inputStatus") => ({ mode, ke: 0.1, debounceMs: 0 });

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

/** Trigger Setup, but for rapid voltage changes: id, what, of which phase, how, alarm and reset level, delay. */
const triggerRows = [
  [1, "Sag", "V", "any", "<", 108, 110.4, 0],
  [2, "Swell", "V", "any", ">", 132, 129.6, 0],
  [3, "Interruption", "V", "all", "<", 60, 61.2, 0],
  [4, "Phase loss A", "V", "a", "<", 60, 60.18, 1000],
  [5, "Phase loss B", "V", "b", "<", 60, 60.18, 1000],
  [6, "Phase loss C", "V", "c", "<", 60, 60.18, 1000],
  [7, "Volts rotation", "rotation.V", "polyphase", ">", 30, 29.91, 500],
  [8, "Amps rotation", "rotation.A", "polyphase", ">", 60, 59.82, 500],
  [9, "Volts imbalance", "unbalance.V", "polyphase", ">", 6, 5.982, 500],
  [10, "Amps imbalance", "unbalance.A", "polyphase", ">", 50, 49.85, 500],
] as const;

export const factoryTriggers = triggerRows.map(([id, label, quantity, phase, operator, alarm, reset, delayMs]) => ({
  id,
  enabled: true,
  label,
  measure: { quantity, phase: "polyphase" as const, direction: "net" as const, compensated: false },
  phase,
  operator,
  alarm,
  reset,
  delayMs,
  resetDelayMs: 0,
}));

const user = (name: string, allowed: readonly Privilege[]) => ({ name, password: "factory", privileges: [...allowed] });

/** User Management; every password is the user's name. */
export const factoryUsers = [
  user("admin", privileges),
  user("user1", ["setTime", "freeze", "testMode", "billingReset", "preset", "batteryStatus"]),
  user("user2", ["setTime", "billingReset"]),
  user("pq", ["configureIo", "configureTriggers"]),
];
