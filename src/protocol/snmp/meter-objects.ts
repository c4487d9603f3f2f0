/** POLYPHASE-METER-MIB: what a meter is, measures, counts and shows (docs/mib/POLYPHASE-METER-MIB.txt has the same, column by column). */
import { measureName } from "#quantity/measure-name.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import type { Validity } from "#quantity/register.ts";
import { unitOf } from "#quantity/unit.ts";
import type { Alarm } from "./alarms.ts";
import type { Value } from "./ber.ts";
import { measureScale, type MeasureRow, type RegisterRow, type RowsOfMeter } from "./meter-rows.ts";
import {
  alarmEntry,
  demandEntry,
  energyEntry,
  identityGroup,
  measureEntry,
  registerEntry,
  statusGroup,
} from "./names.ts";
import { scalarsBranch, tableBranch, type Branch, type Row } from "./objects.ts";
import { compareOids, impliedIndex } from "./oid.ts";
import { dateAndTime, gauge, integerValue, numberText, textValue, truth } from "./values.ts";

const validities: Readonly<Record<Validity, number>> = { good: 1, questionable: 2, invalid: 3 };

function validity({ valid }: { readonly valid: Validity }): Value {
  return { kind: "integer", value: validities[valid] };
}

/** Counts are in 10 to the power of this of the SI unit; undefined where they are in no power of ten of it. */
function registerScale({ scale, decimals }: RegisterRow): number | undefined {
  const power = Math.log10(scale);
  return Number.isInteger(power) ? power - decimals : undefined;
}

function measured({ measure }: RegisterRow): Value | undefined {
  return measure && textValue(measureName(measure));
}

function unit({ measure }: RegisterRow): Value | undefined {
  return measure && textValue(unitOf(measure));
}

/** Counters count up; what is less than nothing, a net energy, has none. */
function counted({ counts, valid }: RegisterRow): Value | undefined {
  return counts === undefined || counts < 0n || valid === "invalid"
    ? undefined
    : { kind: "counter64", value: BigInt.asUintN(64, counts) };
}

export interface MeterObjects {
  readonly surface: MeterSurface;
  readonly rows: RowsOfMeter;
  readonly alarms: () => ReadonlyMap<string, Alarm>;
}

export function meterBranches({ surface, rows, alarms }: MeterObjects): readonly Branch[] {
  const { identity } = surface;
  const said = (text: string): (() => Value | undefined) => {
    const value = text === "" ? undefined : textValue(text);
    return () => value;
  };
  return [
    scalarsBranch({
      at: identityGroup,
      scalars: {
        1: said(identity.name),
        2: said(identity.model),
        3: said(identity.title),
        4: said(identity.manufacturer),
        5: said(identity.serial),
        6: said(identity.firmware),
        7: said(identity.modelNumber),
      },
    }),
    scalarsBranch({
      at: statusGroup,
      scalars: {
        1: () => dateAndTime(surface.now()),
        2: () => truth(surface.now().synchronised),
        3: () => textValue(surface.status().timeSource),
        4: () => truth(surface.status().testMode),
        5: () => textValue(surface.status().rate),
        6: () => textValue(surface.status().battery.state),
        7: () => gauge(alarms().size),
        8: () => textValue(surface.absence),
      },
    }),
    tableBranch<MeasureRow>({
      at: measureEntry,
      rows: () => rows.now.measures,
      columns: {
        2: ({ value, measure }) => integerValue(Math.round(value * 10 ** -measureScale(measure))),
        3: ({ measure }) => integerValue(measureScale(measure)),
        4: ({ measure }) => textValue(unitOf(measure)),
        5: ({ value }) => textValue(numberText(value)),
        6: validity,
      },
    }),
    tableBranch<RegisterRow>({
      at: energyEntry,
      rows: () => rows.now.energies,
      columns: {
        2: counted,
        3: (row) => integerValue(registerScale(row)),
        4: unit,
        5: measured,
        6: ({ tariff }) => textValue(tariff),
        7: ({ text }) => textValue(text),
        8: validity,
      },
    }),
    tableBranch<RegisterRow>({
      at: demandEntry,
      rows: () => rows.now.demands,
      columns: {
        2: ({ counts }) => integerValue(counts === undefined ? undefined : Number(counts)),
        3: (row) => integerValue(registerScale(row)),
        4: unit,
        5: measured,
        6: ({ kind }) => textValue(kind),
        7: ({ tariff }) => textValue(tariff),
        8: ({ storage }) => textValue(storage),
        9: ({ text }) => textValue(text),
        10: ({ peakAt }) => peakAt && dateAndTime(peakAt),
        11: validity,
      },
    }),
    tableBranch<RegisterRow>({
      at: registerEntry,
      rows: () => rows.now.registers,
      columns: {
        2: ({ list }) => textValue(list),
        3: ({ label }) => textValue(label),
        4: ({ kind }) => textValue(kind),
        5: ({ text }) => textValue(text),
        6: ({ unit: shown }) => textValue(shown),
        7: measured,
        8: ({ tariff }) => textValue(tariff),
        9: ({ storage }) => textValue(storage),
        10: validity,
        11: ({ time }) => time && dateAndTime(time),
      },
    }),
    tableBranch<Alarm>({
      at: alarmEntry,
      rows: () => alarmRows(alarms()),
      columns: {
        2: ({ text }) => textValue(text),
        3: ({ since }) => dateAndTime(since),
        4: ({ of }) => textValue(of),
        5: ({ value }) => textValue(value),
        6: ({ level }) => textValue(level),
      },
    }),
  ];
}

function alarmRows(all: ReadonlyMap<string, Alarm>): readonly Row<Alarm>[] {
  return [...all.values()]
    .map((of): Row<Alarm> => ({ index: impliedIndex(of.name), of }))
    .toSorted((one, other) => compareOids(one.index, other.index));
}
