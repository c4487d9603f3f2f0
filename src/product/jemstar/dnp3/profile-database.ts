/** What a device profile says of each group of points (section 2): default variations, classes, and room for events. */
import type { OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import { variationOf } from "./profile-points.ts";
import { fixed, setting, type Content } from "./profile-settings.ts";
import type { Xml } from "./xml.ts";

function group(name: string, ...settings: Content): Xml {
  return [name, [["configuration", settings]]];
}

function chosen(name: string, all: readonly number[], is: number): Xml {
  return setting(
    name,
    all.map((one): Xml => [variationOf(one)]),
    [[variationOf(is)]],
  );
}

function buffer(name: string, most: number): Xml {
  return setting(name, [["fixed", most]], [["numEvents", most]]);
}

export interface Grouped {
  readonly settings: OutstationSettings;
  readonly allowFreeze: boolean;
}

export function database({ settings, allowFreeze }: Grouped): Content {
  const { variations, events, class0 } = settings;
  const { frozen, counter, binary, analog } = events;
  const running = class0 === "frozen" ? "never" : "always";
  const frozenMode = class0 === "running" ? "never" : "always";
  const either: Content = [["always"], ["never"]];
  return [
    group(
      "binaryInputGroup",
      chosen("defaultStaticVariation", [1, 2], variations.binary),
      chosen("defaultEventVariation", [1, 2, 3], binary?.variation ?? 2),
      fixed("eventReportingMode", ["allEvents"]),
      fixed("class0ResponseMode", ["always"]),
      buffer("eventBufferPerObjectGroup", events.most.others),
    ),
    group(
      "binaryOutputGroup",
      fixed("class0ResponseMode", ["always"]),
      fixed("outputCommandEventObjects", ["never"]),
      chosen("defaultStaticVariation", [1, 2], variations.output),
    ),
    group(
      "counterGroup",
      chosen("defaultCounterStaticVariation", [1, 2, 5, 6], variations.counter),
      chosen("defaultCounterEventVariation", [1, 2, 5, 6], counter?.variation ?? 5),
      setting("counterClass0ResponseMode", either, [[running]]),
      fixed("counterEventReportingMode", ["allEvents"]),
      chosen("defaultFrozenCounterStaticVariation", [1, 2, 9, 10], variations.frozen),
      chosen("defaultFrozenCounterEventVariation", [1, 2, 5, 6], frozen?.variation ?? 5),
      setting("frozenCounterClass0ResponseMode", either, [[frozenMode]]),
      fixed("frozenCounterEventReportingMode", ["allEvents"]),
      fixed("counterRollOver", ["basedOnPointIndex"]),
      setting(
        "countersFrozen",
        [["masterRequest"], ["localFreezeWithoutTimeOfDay"], ["localFreezeRequiredTimeOfDay"]],
        [allowFreeze ? ["masterRequest"] : undefined, ["localFreezeRequiredTimeOfDay"]],
      ),
      buffer("eventBufferPerObjectGroup", events.most.others),
      buffer("frozenEventBufferPerObjectGroup", events.most.freezes),
      setting("reportValueChangeCounterEvents", [["no"], ["yes"]], [[counter === undefined ? "no" : "yes"]]),
    ),
    group(
      "analogInputGroup",
      chosen("defaultStaticVariation", [1, 2, 3, 4, 5], variations.analog),
      chosen("defaultEventVariation", [1, 2, 3, 4, 5, 7], analog?.variation ?? 3),
      fixed("analogEventReportingMode", ["allEvents"]),
      fixed("analogInputClass0ResponseMode", ["always"]),
      fixed("analogDeadbandAssignments", ["configurableViaOtherMeans"]),
      fixed("analogDeadbandAlgorithm", ["simple"]),
      buffer("eventBufferPerObjectGroup", events.most.others),
    ),
  ];
}
