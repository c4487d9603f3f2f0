/** What a JEMStar does of what people tell it. Whether they may has been decided (authority.ts). */
import type { Outcome, Refused } from "#quantity/authority.ts";
import { wrongPassphrase } from "#protocol/snmp/secrets.ts";
import { A_DAY } from "#revenue/people/security-log.ts";
import type { JemStarCommand } from "./command-shapes.ts";
import { doneBy, refused, type Commanded } from "./commanded.ts";
import { setRatios } from "./configure.ts";
import { lacking, notLoggedIn, type Asker } from "./hindrances.ts";
import { hashedAtOnce } from "./password-work.ts";
import type { PasswordWork } from "./passwords.ts";
import { isUpgrading, upgrade, type Upgrading } from "./upgrades.ts";
import { wrongSecret } from "./dlms/secrets.ts";
import { wrongKey } from "./iec102/configuration.ts";
import { wrongPassword } from "./iec61850/configuration.ts";
import { isSensed, RESET_LOCKOUT, sense, type Sensed } from "./sensing.ts";

type Told<K extends JemStarCommand["command"]> = Extract<JemStarCommand, { readonly command: K }>;
/** What people tell a meter, but for what changes its configuration. */
type ByPeople = Exclude<JemStarCommand, Sensed | Told<"configure" | "undoConfiguration" | "ratios"> | Upgrading>;

export function obey(
  site: Commanded,
  told: Exclude<JemStarCommand, Told<"configure" | "undoConfiguration">>,
  asker: Asker,
  work: PasswordWork = hashedAtOnce,
): Outcome {
  if (told.command === "ratios") return setRatios(site, told, asker.origin);
  if (isUpgrading(told)) return upgrade(site, told, asker);
  return doneBy(isSensed(told) ? sense(site, told, asker) : act(site, told, asker, work));
}

/** What is in the way, when nothing was done. */
function act(site: Commanded, told: ByPeople, asker: Asker, work: PasswordWork): Refused | undefined {
  const { meter, hardware } = site;
  const { origin } = asker;
  switch (told.command) {
    case "freeze":
      meter.billing.freeze(origin);
      return undefined;
    case "billingReset":
      return meter.billing.reset(origin) ? undefined : refused("lockout", RESET_LOCKOUT);
    case "enterTestMode": {
      const { command: _command, ...options } = told;
      if (meter.testMode.enter(origin, options)) return undefined;
      return refused("invalid", `register ${told.register} is no test register of energy`);
    }
    case "leaveTestMode":
      meter.testMode.leave(origin);
      return undefined;
    case "setTime":
      meter.setTime(Temporal.Instant.from(told.utc).epochMilliseconds, origin);
      return undefined;
    case "preset":
      return presets(site, [told], asker);
    case "presets":
      return presets(site, told.values, asker);
    case "outputs":
      return outputs(site, told);
    case "calibrate":
      if (!meter.testMode.on) return refused("testMode", "enter test mode first");
      meter.testMode.used();
      meter.recalibrated(origin, { watts: told.watts, vars: told.vars });
      hardware.calibrate({ w: 1 + told.watts / 100, q: 1 + told.vars / 100 });
      return undefined;
    case "resetUsers":
      return resetUsers(site, told, asker);
    case "resetBattery":
      if (!hardware.resetBattery(meter.age))
        return refused("invalid", `the battery is ${hardware.battery}; replace it first`);
      meter.resetBattery(origin);
      return undefined;
    case "firmware":
      return changeFirmware(site, told, asker);
    case "coldStart":
      if (told.armed === true) site.armed.arm("coldStart", asker);
      else site.coldStart(origin);
      return undefined;
    case "disarm":
      site.armed.forget();
      return undefined;
    case "testTransfer": {
      const wrong = site.testTransfer();
      return wrong === undefined ? undefined : refused("invalid", wrong);
    }
    case "removeFile":
      if (!site.removeFile(told.name)) return refused("invalid", `name: there is no file ${told.name}`);
      site.securityLog.note(`file ${told.name} removed`, origin, { who: origin.by, aDay: A_DAY });
      return undefined;
    case "password":
      site.setPassword(asker.user?.name ?? "", told.password, origin, work);
      return undefined;
    case "secret":
      return keepSecret(site, told, asker);
  }
}

/** Gives registers values, all or none. */
function presets({ meter }: Commanded, values: Told<"presets">["values"], { origin }: Asker): Refused | undefined {
  const wrong = values.flatMap(({ register, value }) => {
    const range = meter.registers.presetRange(register);
    if (range === undefined) return `register ${register} cannot be preset`;
    if (value >= range.from && value <= range.to) return [];
    return `register ${register}: expected ${range.from} to ${range.to}; found ${value}`;
  });
  if (wrong.length > 0) return refused("invalid", ...wrong);
  for (const { register, value } of values) meter.billing.preset(register, value, origin);
  return undefined;
}

/** Forces outputs, all or none. Whoever bills pulses of energy bills what was measured: the metering key is theirs, too. */
function outputs({ meter, hardware, file }: Commanded, { values }: Told<"outputs">): Refused | undefined {
  const { io } = meter.periphery;
  const none = values.find(({ channel }) => !io.isOutput(channel));
  if (none !== undefined) return refused("unsupported", `channel ${none.channel} is no output`);
  const billed = values.find(({ channel }) => file.io[channel - 1]?.mode === "outputEnergyPulse");
  if (billed !== undefined && hardware.keys.metering)
    return refused("key", `the security key bars pulses of energy that are none (channel ${billed.channel})`);
  for (const { channel, closed } of values) io.force(channel, closed);
  return undefined;
}

/**
 * The factory's users may do everything with passwords that everybody knows: whoever brings them back could have given them
 * that, or stands at the meter, where they work.
 */
function resetUsers(
  site: Commanded,
  { armed }: Told<"resetUsers">,
  { user, peer, origin }: Asker,
): Refused | undefined {
  // Whoever has forgotten his password stands at the meter, and can take its power away.
  if (user === undefined && armed !== true) return notLoggedIn();
  const all = site.factoryUsers.flatMap(({ privileges }) => privileges);
  const missing = peer.near || user === undefined ? undefined : lacking(user, all);
  if (missing !== undefined) return missing;
  if (armed === true) site.armed.arm("resetUsers", { origin, peer });
  else site.resetUsers(origin);
  return undefined;
}

function changeFirmware(
  { meter, hardware }: Commanded,
  told: Told<"firmware">,
  { origin }: Asker,
): Refused | undefined {
  const { board, version } = told;
  const from = hardware.firmware[board];
  if (from === undefined || !hardware.upgrade(board, version))
    return refused("unsupported", `this meter has no ${board} board`);
  meter.status.raise("firmwareChange");
  meter.log.add("event", "firmware changed", origin, { board, from, to: version });
  return undefined;
}

/** Keeps a secret for a protocol, or forgets it. Nobody makes one that shows more than he may himself. */
function keepSecret(site: Commanded, told: Told<"secret">, { user, origin }: Asker): Refused | undefined {
  const { name, value, encoding } = told;
  const { secrets } = site;
  if (value === null) {
    if (!secrets.forget(name)) return refused("invalid", `name: there is no secret ${name}`);
    site.securityLog.note(`secret ${name} forgotten`, origin, { who: origin.by, aDay: A_DAY });
    return undefined;
  }
  const shows = site.file.users.find((one) => one.name === told.user);
  if (told.user !== undefined && shows === undefined)
    return refused("invalid", `user: there is no user ${told.user.slice(0, 40)}`);
  const beyond = shows === undefined || user === undefined ? undefined : lacking(user, shows.privileges);
  if (beyond !== undefined) return beyond;
  const bytes = encoding === "hex" ? fromHex(value) : new TextEncoder().encode(value);
  const wrong =
    wrongSecret(name, bytes) ?? wrongPassphrase(name, bytes) ?? wrongKey(name, bytes) ?? wrongPassword(name, bytes);
  if (wrong !== undefined) return refused("invalid", `value: ${wrong}`);
  const trouble = secrets.setSecret(name, bytes, shows?.name);
  if (trouble !== undefined) return refused("store", trouble);
  site.securityLog.note(`secret ${name} set`, origin, { who: origin.by, aDay: A_DAY });
  return undefined;
}

function fromHex(text: string): Uint8Array {
  return Uint8Array.from({ length: text.length / 2 }, (_, k) => Number.parseInt(text.slice(2 * k, 2 * k + 2), 16));
}
