/** What answers over IEC 60870-5-102 are as values with names. */
import type { InstantaneousObject } from "#protocol/iec102/asdu/instantaneous.ts";
import type { EquipmentValues } from "#protocol/iec102/asdu/parameters.ts";
import type { TariffObject } from "#protocol/iec102/asdu/tariff.ts";
import type { TotalObject } from "#protocol/iec102/asdu/totals.ts";
import type { Iec102Url } from "./iec102-url.ts";
import { INVALID, objectName, tariffName, timeText } from "./iec102-words.ts";
import type { PointReading } from "./point-reading.ts";

type Prefix = Iec102Url["unit"];

const worth: Readonly<Record<Prefix, number>> = { "": 1, k: 1000, M: 1e6 };

/** A value in units with a prefix. */
function scaled(name: string, value: number | undefined, unit: string, prefix: Prefix): PointReading {
  if (unit === "" || prefix === "") return { name, value, unit };
  return { name, value, unit: `${prefix}${unit}`, scale: worth[prefix] };
}

const places = ["", ".a", ".b", ".c"];

/** Energies by object, powers in kilowatts, currents and voltages. Reactive power is negative in the third and fourth quadrants. */
export function momentPoints(one: InstantaneousObject, prefix: Prefix): readonly PointReading[] {
  switch (one.object) {
    case 192:
      return one.totals.map((value, k) => {
        const { name, unit } = objectName(k + 1);
        return scaled(name, value, unit, prefix);
      });
    case 193:
      return one.powers.flatMap((power, k) => {
        const place = places[k] ?? "";
        const [active, reactive] = [
          power && (power.exports ? -power.active || 0 : power.active),
          power && (power.lower ? -power.reactive || 0 : power.reactive),
        ];
        return [
          scaled(`W${place}`, active, "W", "k"),
          scaled(`var${place}`, reactive, "var", "k"),
          { name: `PF${place}`, value: power && power.factor / 1000, unit: "" },
        ];
      });
    case 194:
      return one.phases.flatMap((phase, k) => {
        const place = places[k + 1] ?? "";
        return [
          { name: `V${place}`, value: phase && phase.volts / 10, unit: "V" },
          { name: `A${place}`, value: phase && phase.amps / 10, unit: "A" },
        ];
      });
  }
}

export function totalPoints(totals: readonly TotalObject[], prefix: Prefix): readonly PointReading[] {
  return totals.map(({ object, value, quality }) => {
    const { name, unit } = objectName(object);
    return scaled(name, (quality & INVALID) === 0 ? value : undefined, unit, prefix);
  });
}

/** "contract1.total.active", "contract1.period2.maximum". */
export function tariffPoints(contract: number, one: TariffObject, prefix: Prefix): readonly PointReading[] {
  const own = `contract${contract}.${tariffName(one.object)}`;
  const energies = (["active", "inductive", "capacitive"] as const).flatMap((name) => {
    const { absolute, incremental, quality } = one[name];
    const isValid = (quality & INVALID) === 0;
    const unit = name === "active" ? "Wh" : "varh";
    return [
      scaled(`${own}.${name}`, isValid ? absolute : undefined, unit, prefix),
      scaled(`${own}.${name}.period`, isValid ? incremental : undefined, unit, prefix),
    ];
  });
  const hasMaximum = (one.maximum.quality & INVALID) === 0;
  return [
    ...energies,
    scaled(`${own}.maximum`, hasMaximum ? one.maximum.value : undefined, "W", prefix),
    { name: `${own}.maximum.time`, value: hasMaximum ? timeText(one.maximum.at) : undefined, unit: "" },
    { name: `${own}.start`, value: timeText(one.start), unit: "" },
  ];
}

export function equipmentPoints(one: EquipmentValues): readonly PointReading[] {
  const ratio = ({ primary, secondary }: EquipmentValues["volts"]): string => `${primary / 10}/${secondary / 10}`;
  return [
    { name: "model", value: one.model, unit: "" },
    { name: "firmware", value: one.firmware, unit: "" },
    { name: "battery", value: one.battery, unit: "%" },
    { name: "ratio.V", value: ratio(one.volts), unit: "" },
    { name: "ratio.A", value: ratio(one.amps), unit: "" },
    ...one.periods.map((minutes, k) => ({
      name: `period.${k + 1}`,
      value: minutes === 0 ? undefined : minutes,
      unit: "min",
    })),
  ];
}
