/** The DNP3 device profile of a JEMStar II: its configuration and its identity, in the words of a profile. */
import { ametekJemstarIi } from "#model/ametek-jemstar-ii.ts";
import { rolloversOf } from "#product/jemstar/dnp3/counters.ts";
import { deviceProfile, type ProfilePort } from "#product/jemstar/dnp3/device-profile.ts";
import type { ProfilePoint, ProfilePoints } from "#product/jemstar/dnp3/profile-points.ts";
import { outputsOf } from "#product/jemstar/dnp3/image.ts";
import { settingsOf } from "#product/jemstar/dnp3/settings.ts";
import type { ProfiledDevice, ReachedAt } from "#product/product.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { BinaryPoint } from "#quantity/meter-surface.ts";
import { isInstant, registerName } from "#quantity/register-name.ts";
import { unitOf } from "#quantity/unit.ts";
import { unitOf as shownUnitOf } from "#revenue/registers/display-digits.ts";
import { isMeasured, type RegisterSettings } from "#revenue/settings/configuration.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import { dnp3AddressOn, FIRST_SERIAL, hasProtocol, isEnabled, portNamed, sessionsOn } from "./communications.ts";
import { bauds } from "./configuration-schema-ports.ts";
import type { RevenueFile } from "./configuration-schema.ts";

/** Ports that can have DNP3, by name. */
const ports = ["ethernet 1", "ethernet 2", "serial 3", "serial 4", "modem"] as const;

/** What 32 bits hold, and 16: times and words of bits are not restricted in them. */
const ALL_BITS = { long: 2 ** 32 - 1, short: 2 ** 16 - 1 } as const;

/** Variations of 16 bits, of counters and of analogs. */
const shortCounters: readonly number[] = [2, 6];
const shortAnalogs: readonly number[] = [2, 4];
const FLOAT = 5;

/** What a value is multiplied by where no variation is asked for: the profile names that variation beside its points. */
function scalingOf(
  variation: number,
  { scaling, scaling16 }: { readonly scaling: number; readonly scaling16: number },
): number {
  return variation === FLOAT ? 1 : shortAnalogs.includes(variation) ? scaling16 : scaling;
}

/** Throws an Error where the meter that was ordered has no such port, or no DNP3 on it. */
export function dnp3Profile(
  file: RevenueFile,
  ordered: Ordered,
  { port: asked, reached, ...device }: ProfiledDevice,
): string {
  const there = ports.filter((one) => hasProtocol(ordered, one, "dnp3"));
  const listens = (one: string): boolean => reached?.some((at) => portOfReached(at) === one) === true;
  // What a listener would give the configuration may bar: nobody is answered there.
  const enabled = there.filter((one) => isEnabled(file.communications, one, "dnp3", listens(one)));
  const name = asked ?? (reached === undefined ? undefined : enabled[0]) ?? there[0];
  if (name === undefined || !there.some((one) => one === name))
    throw new Error(
      there.length === 0
        ? "this meter has no port for DNP3"
        : `port: expected one of ${there.join(", ")}; found ${name ?? "none"}`,
    );
  if (reached !== undefined && !enabled.some((one) => one === name)) {
    const [why, wanted] = listens(name)
      ? ["a listener of this meter has it there, and its configuration bars it", "a configuration that does not"]
      : ["no listener of this meter has it there, and its configuration does not", "a listener"];
    throw new Error(`port: DNP3 is not enabled on ${name}: ${why}; expected ${enabled.join(", ") || wanted}`);
  }
  const { dnp3 } = file;
  const { manufacturer, title } = ametekJemstarIi;
  return deviceProfile({
    ...device,
    manufacturer,
    title,
    port: portOf(
      file,
      name,
      reached?.filter((at) => portOfReached(at) === name),
    ),
    settings: settingsOf(dnp3, dnp3AddressOn(file.communications, name), file.timekeeping.sync === "ntp"),
    points: pointsOf(file),
    timeToleranceSeconds: dnp3.timeToleranceSeconds,
    allowTimeSet: dnp3.allowTimeSet,
    allowFreeze: dnp3.allowFreeze,
    allowRegisterPresets: dnp3.allowRegisterPresets,
  });
}

/** Listeners of a network are all on the first port of Ethernet, serial ones in their order. */
function portOfReached(at: ReachedAt): string {
  return at.over === "serial" ? `serial ${FIRST_SERIAL + at.line}` : "ethernet 1";
}

/** Of a port that a running meter has, what its listeners say goes before what the configuration does. */
function portOf({ communications }: RevenueFile, name: string, reached: readonly ReachedAt[] = []): ProfilePort {
  const key = portNamed(name);
  if (key === "ethernet1" || key === "ethernet2") {
    const { ip = "", mask = "", gateway, dnp3 } = communications[key] ?? {};
    const sessions = sessionsOn(name, "dnp3");
    const at = reached.flatMap((one) => (one.over === "serial" ? [] : [one]));
    const [first] = at;
    if (first === undefined)
      return { kind: "network", name, at: { ip, mask, gateway }, tcp: dnp3?.port ?? 20_000, over: [], sessions };
    const own = /^\d+(\.\d+){3}$/.test(first.host) && first.host !== "0.0.0.0" ? { ip: first.host } : {};
    return {
      kind: "network",
      name,
      at: own.ip === ip ? { ip, mask, gateway } : own,
      tcp: (at.find(({ over }) => over === "tcp") ?? at.find(({ over }) => over === "tls"))?.number,
      over: at.map(({ over, number }) => ({ over, number })),
      sessions,
    };
  }
  const line = reached.find((one) => one.over === "serial");
  const { baud = 9600, parity = "none" }: { readonly baud?: number; readonly parity?: string } =
    line ?? (key === undefined ? undefined : communications[key]) ?? {};
  return { kind: "serial", name, baud, parity, bauds: key === "modem" ? bauds.modem : bauds.serial };
}

function pointsOf({ dnp3, registers, io, triggers }: RevenueFile): ProfilePoints {
  const all = new Map(Object.values(registers).flatMap((list) => list.map((one) => [one.id, one] as const)));
  const rollovers = rolloversOf(dnp3.counterDigits);
  const size = shortCounters.includes(dnp3.variations.counter) ? "short" : "long";
  return {
    binaries: dnp3.binaries.map((point) => binaryOf(point, triggers)),
    outputs: Array.from({ length: outputsOf(io) }, (_, k) => ({
      name: `output ${k + 1}`,
      description: io[k]?.mode ?? "none",
    })),
    counters: dnp3.counters.map(({ register, scaling }) => {
      const settings = all.get(register);
      return {
        ...counterOf(register, settings, scaling),
        last: settings !== undefined && isWhole(settings) ? ALL_BITS[size] : rollovers[size] - 1,
      };
    }),
    analogs: dnp3.analogs.map(({ measure, scaling, scaling16, deadband }) => {
      const shown = scalingOf(dnp3.variations.analog, { scaling, scaling16 });
      return {
        name: measureName(measure),
        description: `secondary; times ${scaling} of 32 bits, times ${scaling16} of 16 bits`,
        factor: 1 / shown,
        unit: unitOf(measure),
        ...(dnp3.events.analog.enabled ? { deadband: (deadband * shown) / scaling } : {}),
      };
    }),
  };
}

function isWhole({ type }: RegisterSettings): boolean {
  return isInstant(type) || type === "systemBits" || type === "triggerBits";
}

function binaryOf(point: BinaryPoint, triggers: RevenueFile["triggers"]): ProfilePoint {
  if ("input" in point) return { name: `input ${point.input}` };
  if ("trigger" in point) {
    const label = triggers.find(({ id }) => id === point.trigger)?.label ?? "";
    return { name: `trigger ${point.trigger}`, ...(label === "" ? {} : { description: label }) };
  }
  return "status" in point ? { name: point.status } : { name: `output ${point.output}` };
}

function counterOf(register: number, settings: RegisterSettings | undefined, scaling: number): ProfilePoint {
  const label = settings?.label ?? "";
  const name = label === "" ? `register ${register}` : label;
  if (settings === undefined) return { name };
  if (!isMeasured(settings)) return { name, description: `register ${register}, ${settings.type}` };
  const { unit } = shownUnitOf(settings);
  const words = [registerName({ ...settings, kind: settings.type }), ...(unit === "" ? [] : [`in ${unit}`])].join(" ");
  return { name, description: `register ${register}, ${words}${scaling === 1 ? "" : `, times ${scaling}`}` };
}
