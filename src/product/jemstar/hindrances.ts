/** What is in the way of a command: no name, no power, test mode, a privilege that is lacking, the keys, the directive's seals. */
import { hasHandsOn, type Peer, type Refused } from "#quantity/authority.ts";
import type { Origin } from "#quantity/log.ts";
import { isSealed, type Privilege, type User } from "#revenue/people/security.ts";
import { ruleOf, type Rule } from "./command-rules.ts";
import { refused, type Commanded } from "./commanded.ts";
import { answersInTestMode } from "./communications.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** Who asks, from where, as a command finds him. */
export interface Asker {
  readonly peer: Peer;
  readonly user: User | undefined;
  readonly origin: Origin;
}

const LOG_IN = "log in first";
const NO_POWER = "the meter has no power";

/** What protocols without users may do, as far as the configuration allows it; of others everybody has a name. */
const strangers: Readonly<Record<string, Readonly<Record<string, (file: RevenueFile, peer: Peer) => boolean>>>> = {
  // Under the front cover is the reset button; whoever has forgotten his password resets the users and takes power away (section Front Cover Seal).
  panel: {
    resetButton: (_file, peer) => hasHandsOn(peer),
    hardware: (_file, peer) => hasHandsOn(peer),
    resetUsers: (_file, peer) => hasHandsOn(peer),
    disarm: (_file, peer) => hasHandsOn(peer),
  },
  modbus: {
    preset: ({ modbus }) => modbus.allowRegisterPresets,
    presets: ({ modbus }) => modbus.allowRegisterPresets,
    outputs: ({ modbus }) => modbus.allowOutputControl,
  },
  dnp3: {
    freeze: ({ dnp3 }) => dnp3.allowFreeze,
    presets: ({ dnp3 }) => dnp3.allowRegisterPresets,
    setTime: ({ dnp3 }) => dnp3.allowTimeSet,
  },
  dlms: { setTime: ({ dlms }) => dlms.timeSet },
  iec102: { setTime: ({ iec102 }) => iec102.timeSet },
};

export function notLoggedIn(): Refused {
  return refused("session", LOG_IN);
}

export function powerless({ meter }: Commanded): Refused | undefined {
  return meter.powered ? undefined : refused("power", NO_POWER);
}

export function lacking(user: User, wanted: readonly Privilege[]): Refused | undefined {
  const one = wanted.find((privilege) => !user.privileges.includes(privilege));
  return one === undefined ? undefined : refused("privilege", `${user.name} has not the privilege ${one}`);
}

/** What the metering key bars of what takes these privileges. */
export function sealed({ hardware }: Commanded, wanted: readonly Privilege[]): Refused | undefined {
  const barred = hardware.keys.metering ? wanted.find(isSealed) : undefined;
  return barred === undefined ? undefined : refused("key", `the security key bars ${barred}`);
}

/** Whether somebody without a name may ask for something at all. */
export function stranger(site: Commanded, name: string, peer: Peer, from: Rule["from"]): Refused | undefined {
  const allowed = strangers[peer.protocol];
  const asked = allowed !== undefined && Object.hasOwn(allowed, name) ? allowed[name] : undefined;
  const may = allowed === undefined ? from === "hardware" && hasHandsOn(peer) : asked?.(site.file, peer);
  if (may === true) return undefined;
  if (asked === undefined || peer.protocol === "panel") return notLoggedIn();
  return refused("privilege", `the configuration does not allow ${name} over ${peer.protocol}`);
}

/** What does not answer in test mode takes nothing either. */
function suspended({ meter }: Commanded, { protocol, port }: Peer): Refused | undefined {
  if (!meter.testMode.on || answersInTestMode(port, protocol)) return undefined;
  return refused("testMode", `${protocol} over ${port} is suspended in test mode`);
}

/**
 * Why nothing is unlocked at the front panel: with the metering key no configuration changes from its menus (section Security Keys), and
 * a MID meter has none (section Navigating the Display User Menus).
 */
export function barredAtPanel(site: Commanded, { protocol }: Peer): Refused | undefined {
  if (protocol !== "panel" || !site.hardware.keys.metering) return undefined;
  return site.isMid
    ? refused("mid", "a MID meter has no configuration change at its panel")
    : refused("key", "the security key bars changes at the panel");
}

/** What keys and seals bar. */
function locked(site: Commanded, { privilege, bills, resetKey, keyless }: Rule): Refused | undefined {
  const { keys } = site.hardware;
  if (resetKey === true && keys.reset) return refused("key", "the reset key is installed");
  if (!keys.metering || keyless === true) return undefined;
  if (bills === undefined) return privilege === undefined ? undefined : sealed(site, [privilege]);
  return site.isMid
    ? refused("mid", `a MID meter takes no ${bills}`)
    : refused("key", `the security key bars ${bills}`);
}

/** What keys bar of a command that was given before: they count when it is carried out. */
export function barredByKeys(site: Commanded, name: string, peer: Peer): Refused | undefined {
  const rule = ruleOf(name);
  return rule === undefined ? undefined : (barredAtPanel(site, peer) ?? locked(site, rule));
}

/** What would change cannot be kept. */
export function unkept({ unkept: why }: Commanded): Refused | undefined {
  return why === undefined ? undefined : refused("store", `nothing can be changed: ${why}`);
}

/** What is in the way of a command, whatever belongs to it; undefined when nothing is. */
export function hinders(site: Commanded, name: string, rule: Rule, { peer, user }: Asker): Refused | undefined {
  const { from, privilege, dark } = rule;
  const atPanel = from === "people" ? barredAtPanel(site, peer) : undefined;
  if (atPanel !== undefined) return atPanel;
  if (user === undefined) {
    const nobody = stranger(site, name, peer, from);
    if (nobody !== undefined) return nobody;
  }
  const dumb = (dark === true ? undefined : powerless(site)) ?? suspended(site, peer);
  if (dumb !== undefined) return dumb;
  if (user !== undefined) {
    // A name in the meter is no hand on it.
    if (from === "hardware" && !hasHandsOn(peer))
      return refused("privilege", `${name} is the site's operators', whatever ${user.name} may do`);
    const missing = privilege === undefined ? undefined : lacking(user, [privilege]);
    if (missing !== undefined) return missing;
  }
  return locked(site, rule);
}
