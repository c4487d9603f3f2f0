/** What the meter sends by itself, as objects: a push setup each (IC 40), the scripts that push (IC 9), and when by the clock (IC 22). */
import { integer } from "#protocol/dlms/data/data.ts";
import type { AccessResult, Asker, CosemObject } from "#protocol/dlms/cosem/object.ts";
import { pushSetup, type PushChange } from "#protocol/dlms/cosem/push-setup.ts";
import { scriptTable } from "#protocol/dlms/cosem/script-table.ts";
import { singleActionSchedule } from "#protocol/dlms/cosem/single-action-schedule.ts";
import { executionTimes } from "./beyond-actions.ts";
import type { BeyondParts } from "./beyond-settings.ts";
import { pushedObjects } from "./push-body.ts";
import type { PushSettings } from "./push-settings.ts";
import { mayConfigure, reconfigured } from "./reconfigured.ts";
import { windowsOf } from "./push-window.ts";

const SCRIPTS = "0.0.10.0.108.255";
const PUSH = 40;
const nameOf = (place: number): string => `0.${place}.25.9.0.255`;
const scheduleOf = (place: number): string => `0.${place}.15.0.4.255`;

/** What a client has set, in the words of the configuration; undefined of what it has none for. */
function settingsOf({
  objects,
  service,
  destination,
  ...rest
}: Partial<PushChange>): Partial<PushSettings> | undefined {
  if (objects?.some(({ dataIndex }) => dataIndex !== 0) === true) return undefined;
  const pushed = objects?.map(({ classId, logicalName, attribute }) => ({
    class: classId,
    object: logicalName,
    attribute,
  }));
  const [, host, port] = /^(.*):(\d{1,5})$/.exec(destination ?? "") ?? [];
  if (destination !== undefined && (host === undefined || port === undefined)) return undefined;
  return {
    ...rest,
    ...(pushed === undefined ? {} : { objects: pushed }),
    ...(service === undefined ? {} : { transport: service }),
    ...(host === undefined ? {} : { host, port: Number(port) }),
  };
}

function setupObject(parts: BeyondParts, settings: PushSettings, place: number): CosemObject {
  const { surface, full, push, configuration } = parts;
  const { transport, host, port, randomSeconds, retries, repetitionSeconds } = settings;
  const set = (asker: Asker, change: Partial<PushChange>): AccessResult => {
    const changed = settingsOf(change);
    if (changed === undefined) return "other-reason";
    const setups = configuration.dlms.push.with(place, { ...settings, ...changed });
    return reconfigured(parts, asker, { dlms: { ...configuration.dlms, push: setups } });
  };
  return pushSetup(nameOf(place), {
    objects: pushedObjects(settings),
    service: transport,
    destination: `${host}:${port}`,
    windows: windowsOf(settings),
    randomSeconds,
    retries,
    repetitionSeconds,
    // Whoever may try the push of files may try this one.
    may: ({ session }) => surface.permits("testTransfer", session) === undefined,
    push: full && push !== undefined ? () => (push(place) ? "success" : "temporary-failure") : undefined,
    change: full ? { may: mayConfigure(parts), set } : undefined,
  });
}

export function pushObjects(parts: BeyondParts): readonly CosemObject[] {
  const { push: setups } = parts.configuration.dlms;
  if (setups.length === 0) return [];
  const scripts = setups.map((_, place) => ({
    id: place + 1,
    actions: [
      { service: "execute" as const, classId: PUSH, logicalName: nameOf(place), index: 1, parameter: integer(0) },
    ],
  }));
  const schedules = setups.flatMap(({ when }, place) => {
    const times = executionTimes(when);
    const logicalName = scheduleOf(place);
    return times === undefined
      ? []
      : [singleActionSchedule({ logicalName, script: SCRIPTS, selector: place + 1, times })];
  });
  return [
    ...setups.map((settings, place) => setupObject(parts, settings, place)),
    scriptTable(SCRIPTS, scripts),
    ...schedules,
  ];
}
