/** Who somebody is to a meter, and what he may there, as the meter itself says. */
import type { MeterCommand, Place, Session } from "#quantity/authority.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { MeterVisitorView } from "#quantity/meter-visitor-view.ts";
import { operations } from "#web/api/operations.ts";
import { barredFrom } from "./reading.ts";

const places: readonly Place[] = ["readings", "registers", "profiles", "measurement log", "configuration", "files"];

/** Commands of people, in the order in which they are told. */
const commands: readonly MeterCommand["command"][] = [
  "freeze",
  "billingReset",
  "setTime",
  "preset",
  "outputs",
  "enterTestMode",
  "calibrate",
  "ratios",
  "resetUsers",
  "secret",
  "removeFile",
  "uploadFirmware",
  "reboot",
  "coldStart",
];

export function meterVisitorOf(surface: MeterSurface, session: Session): MeterVisitorView {
  const logs = surface.logs.map((kind) => `log ${kind}` as const);
  const mayRead = (place: Place): boolean => surface.bars(place, session, "asked") === undefined;
  const { tells } = operations.followMeter;
  const closed = barredFrom(surface, tells, session);
  return {
    name: surface.identity.name,
    user: session.user ?? null,
    minutes: surface.sessionMinutes(session.peer) ?? null,
    usersOnly: barredFrom(surface, tells, surface.open(session.peer)) !== undefined,
    reads: [...places, ...logs].filter(mayRead),
    does: commands.filter((command) => surface.permits(command, session) === undefined),
    closed: closed === undefined ? null : closed.refused === "session" ? "session" : "privilege",
  };
}
