/**
 * What stands before each command: who may give it, and what bars it whoever gives it (sections Security Keys, MID Meters). A
 * command that is not in the table is one that this meter has not.
 */
import { commands } from "#quantity/interfaces.ts";
import type { Privilege } from "#revenue/people/security.ts";
import type { JemStarCommand } from "./command-shapes.ts";

type Name = JemStarCommand["command"];

export interface Rule {
  /** People take a session; what hardware senses, the site's operators and those at its own machine inject. */
  readonly from: "people" | "hardware";
  readonly privilege?: Privilege;
  /** Works without power. */
  readonly dark?: true;
  /** What would change billed measurements without a privilege that the metering key bars, in words. */
  readonly bills?: string;
  /** The metering key does not bar it, though it bars what else the privilege is for. */
  readonly keyless?: true;
  /** The second key bars it. */
  readonly resetKey?: true;
}

const people = (privilege?: Privilege): Rule =>
  privilege === undefined ? { from: "people" } : { from: "people", privilege };
const sensed: Rule = { from: "hardware", dark: true };

export const rules: Readonly<Record<Name, Rule>> = {
  freeze: people("freeze"),
  billingReset: people("billingReset"),
  enterTestMode: people("testMode"),
  leaveTestMode: people("testMode"),
  setTime: people("setTime"),
  // The manual's lists have no presets: they are in neither, and what bars what "could impact metrological measurements" bars them.
  preset: { ...people("preset"), bills: "presets" },
  presets: { ...people("preset"), bills: "presets" },
  // What is forced is no measurement, but for pulses of energy (obey.ts).
  outputs: { ...people("configureIo"), keyless: true },
  calibrate: people("testMode"),
  ratios: people("configurePrimary"),
  resetUsers: people("configureUsers"),
  resetBattery: people("batteryStatus"),
  firmware: people("firmware"),
  // "Firmware/Option Upgrade" is one item of the manual's lists.
  uploadFirmware: people("firmware"),
  optionKey: people("firmware"),
  reboot: people("firmware"),
  coldStart: people("coldStart"),
  disarm: people(),
  testTransfer: people("configureCommunications"),
  // The manual lets whoever sees the files delete them; those who set up power quality are who may change what there is of it.
  removeFile: people("configurePowerQuality"),
  password: people(),
  secret: people("configureProtocols"),
  configure: people(),
  undoConfiguration: people(),
  resetButton: { from: "hardware", resetKey: true },
  pulses: { from: "hardware" },
  powerDown: sensed,
  powerUp: sensed,
  auxiliary: sensed,
  input: sensed,
  key: sensed,
  hardware: sensed,
  battery: sensed,
  timeServer: sensed,
};

/** Commands of other meters. */
export const elsewhere: ReadonlySet<string> = new Set(commands);

export function ruleOf(name: string): Rule | undefined {
  return Object.hasOwn(rules, name) ? rules[name as Name] : undefined;
}
