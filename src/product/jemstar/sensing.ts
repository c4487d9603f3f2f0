/** What a JEMStar's hardware senses: supplies, contacts, covers, keys, the battery, the button under the front cover. */
import type { StatusWord } from "#revenue/events/status-word.ts";
import type { Refused } from "#quantity/authority.ts";
import { MOST_INPUT_PER_SECOND } from "#revenue/contacts/digital-io.ts";
import { A_DAY } from "#revenue/people/security-log.ts";
import { originOf } from "#product/origin.ts";
import type { JemStarCommand } from "./command-shapes.ts";
import { refused, type Commanded } from "./commanded.ts";
import type { Asker } from "./hindrances.ts";

const sensed = [
  "powerDown",
  "powerUp",
  "auxiliary",
  "input",
  "pulses",
  "key",
  "hardware",
  "battery",
  "timeServer",
  "resetButton",
] as const;
type Told<K extends JemStarCommand["command"]> = Extract<JemStarCommand, { readonly command: K }>;
export type Sensed = Told<(typeof sensed)[number]>;

export function isSensed(told: JemStarCommand): told is Sensed {
  return (sensed as readonly string[]).includes(told.command);
}

export const RESET_LOCKOUT = "the lockout after the last billing period reset runs";

/** What is in the way, when it has no effect. */
export function sense(site: Commanded, told: Sensed, asker: Asker): Refused | undefined {
  const { meter, hardware } = site;
  switch (told.command) {
    case "powerDown":
      site.supply({ failed: true });
      return undefined;
    case "powerUp":
      site.supply({ failed: false });
      return undefined;
    case "auxiliary":
      site.supply({ auxiliary: told.live });
      return undefined;
    case "input":
      if (!meter.setInput(told.channel, told.closed))
        return refused("unsupported", `channel ${told.channel} is no input`);
      site.inputs.expect();
      return undefined;
    case "pulses":
      return pulses(site, told);
    case "key":
      return setKey(site, told, asker);
    case "hardware":
      diagnose(site, told, asker);
      return undefined;
    case "battery":
      hardware.battery = told.state;
      meter.status.condition("battery", hardware.batteryWarning);
      meter.log.add("diagnostic", `battery ${told.state}`, sensedBy(asker));
      return undefined;
    case "timeServer":
      site.reachTimeServer(told.reached);
      return undefined;
    case "resetButton": {
      const done = meter.billing.reset({ ...asker.origin, by: "front panel" });
      return done ? undefined : refused("lockout", RESET_LOCKOUT);
    }
  }
}

/** Hardware did it; who injected that, and from where, stands beside it. */
function sensedBy({ peer, user }: Asker): ReturnType<typeof originOf> {
  return { ...originOf(peer, user?.name), by: "hardware" };
}

/** A train of pulses, as fast as an input sees them unless it says how long it takes. */
function pulses({ meter }: Commanded, told: Told<"pulses">): Refused | undefined {
  const { channel, count, seconds = count / MOST_INPUT_PER_SECOND } = told;
  const seen = meter.periphery.io.pulses(channel, count, seconds);
  if (seen === undefined) return refused("unsupported", `channel ${channel} is no pulse counter`);
  if (seen === count) return undefined;
  return refused("invalid", `${seen} of ${count} pulses were seen: an input sees ${MOST_INPUT_PER_SECOND} a second`);
}

/** Installs or removes a key; a MID meter's are under seals. */
function setKey({ hardware, isMid, securityLog }: Commanded, told: Told<"key">, asker: Asker): Refused | undefined {
  const { key, installed } = told;
  if (isMid && !installed) return refused("mid", "the seals of a MID meter are in the way");
  hardware.setKey(key, installed);
  const what = `${key} key ${installed ? "installed" : "removed"}`;
  securityLog.note(what, sensedBy(asker), { who: "hardware", aDay: A_DAY });
  return undefined;
}

/** A meter that begins, or begins anew with another configuration, finds what there is. */
export function showFound(
  status: StatusWord,
  { hardware, isFailing }: Pick<Commanded, "hardware" | "isFailing">,
): void {
  status.condition("battery", hardware.batteryWarning);
  status.condition("generalFailure", isFailing);
  status.condition("coverRemoved", hardware.coverOpen);
}

/** What the meter's covers and diagnostics find. */
function diagnose(site: Commanded, { part, failed }: Told<"hardware">, asker: Asker): void {
  const { meter, hardware } = site;
  if (part === "cover") {
    hardware.coverOpen = failed;
    meter.status.condition("coverRemoved", failed);
  } else {
    hardware.setFailure(part, failed);
    meter.status.condition("generalFailure", site.isFailing);
  }
  meter.log.add("diagnostic", `${part} ${failed ? "failed" : "restored"}`, sensedBy(asker));
  if (failed) meter.diagnosed();
}
