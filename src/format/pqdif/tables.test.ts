/** The tables of names are the standard's (../shared/data/pqdif_tags.json): each number and GUID of a list has one word, and no other has. */
import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { test } from "node:test";
import { characteristics } from "./characteristics.ts";
import { disturbances } from "./disturbances.ts";
import { physicalTypes, widths } from "./element.ts";
import * as ids from "./ids.ts";
import { equipment, vendors } from "./makers.ts";
import { tags } from "./tags.ts";

const facts = new URL("../../../../shared/data/pqdif_tags.json", import.meta.url);
const skip = existsSync(facts) ? false : "the tables of ../shared are not here";

interface Facts {
  readonly tags: Readonly<Record<string, { readonly std: string }>>;
  readonly ids: Readonly<Record<string, readonly { readonly value: string }[]>>;
  readonly headerGuids: Readonly<Record<string, string>>;
}

const read = (): Facts => JSON.parse(readFileSync(facts, "utf8")) as Facts;

test("each list has the numbers and GUIDs of the standard", { skip }, () => {
  const { ids: lists, headerGuids } = read();
  const ofHeader = (start: string): string[] =>
    Object.entries(headerGuids)
      .filter(([name]) => name.startsWith(start))
      .map(([, id]) => id);
  const tables: readonly (readonly [list: string, table: Readonly<Record<string, string | number>>])[] = [
    ["tagQuantityTypeID", ids.quantityTypes],
    ["tagValueTypeID", ids.valueTypes],
    ["tagDataSourceTypeID", ids.dataSourceTypes],
    ["tagInstrumentTypeID", ids.instrumentTypes],
    ["tagPhaseID", ids.phases],
    ["tagQuantityMeasuredID", ids.quantitiesMeasured],
    ["tagQuantityUnitsID", ids.units],
    ["tagTriggerMethodID", ids.triggerMethods],
    ["tagChanTriggerTypeID", ids.channelTriggers],
    ["tagXDTransformerTypeID", ids.transformerTypes],
    ["tagSettingPhysicalConnection", ids.connections],
    ["tagCompressionStyleID", ids.compressionStyles],
    ["tagCompressionAlgorithmID", ids.compressionAlgorithms],
    ["tagQuantityCharacteristicID", characteristics],
    ["tagDisturbanceCategoryID", disturbances],
  ];
  for (const [list, table] of tables) {
    const expected = lists[list]!.map(({ value }) => value).sort();
    assert.deepEqual(Object.values(table).map(String).sort(), expected, list);
  }
  // The header knows more makers than the list.
  assert.deepEqual(Object.values(vendors).sort(), ofHeader("ID_VENDOR_").sort());
  assert.deepEqual(Object.values(equipment).sort(), ofHeader("ID_EQUIP_").sort());
});

test("each tag has the standard's GUID and name", { skip }, () => {
  const known = new Map(Object.entries(read().tags).map(([id, { std }]) => [std, id]));
  for (const [name, id] of Object.entries(tags)) {
    assert.equal(known.get(`tag${name.slice(0, 1).toUpperCase()}${name.slice(1)}`), id, name);
  }
});

test("words that matter to those who write files stand for the GUIDs of their names", { skip }, () => {
  const { headerGuids } = read();
  const named: readonly (readonly [word: string, name: string])[] = [
    [ids.quantityTypes.waveform, "ID_QT_WAVEFORM"],
    [ids.quantityTypes.phasor, "ID_QT_PHASOR"],
    [ids.quantityTypes["value log"], "ID_QT_VALUELOG"],
    [ids.quantityTypes["magnitude-duration-time"], "ID_QT_MAGDURTIME"],
    [ids.quantityTypes.XY, "ID_QT_XY"],
    [ids.valueTypes.time, "ID_SERIES_VALUE_TYPE_TIME"],
    [ids.valueTypes.value, "ID_SERIES_VALUE_TYPE_VAL"],
    [ids.valueTypes.minimum, "ID_SERIES_VALUE_TYPE_MIN"],
    [ids.valueTypes.maximum, "ID_SERIES_VALUE_TYPE_MAX"],
    [ids.valueTypes.average, "ID_SERIES_VALUE_TYPE_AVG"],
    [ids.valueTypes.duration, "ID_SERIES_VALUE_TYPE_DURATION"],
    [ids.valueTypes["phase angle"], "ID_SERIES_VALUE_TYPE_PHASEANGLE"],
    [characteristics.instantaneous, "ID_QC_INSTANTANEOUS"],
    [characteristics.RMS, "ID_QC_RMS"],
    [characteristics.Pst, "ID_QC_FLKR_PST"],
    [characteristics.Plt, "ID_QC_FLKR_PLT"],
    [characteristics["total THD"], "ID_QC_TOTAL_THD"],
    [characteristics.TDD, "ID_QC_TDD"],
    [characteristics["spectra of harmonic groups"], "ID_QC_SPECTRA_HGROUP"],
    [characteristics["negative sequence unbalance"], "ID_QC_S2S1"],
    [characteristics["active power integrated positive"], "ID_QC_P_INTG_POS"],
    [disturbances["instantaneous sag"], "ID_DISTURB_1159_SHORTDUR_INSTANT_SAG"],
    [disturbances["momentary swell"], "ID_DISTURB_1159_SHORTDUR_MOMENT_SWELL"],
    [disturbances["sustained interruption"], "ID_DISTURB_1159_LONGDUR_INTERRUPT"],
    [vendors.none, "ID_VENDOR_NONE"],
  ];
  for (const [id, name] of named) assert.equal(id, headerGuids[name], name);
});

test("each physical type has its number and its bytes (pqdif_ph.h)", () => {
  const bytes = {
    1: 1,
    2: 2,
    3: 4,
    10: 1,
    11: 2,
    20: 1,
    21: 2,
    22: 4,
    30: 1,
    31: 2,
    32: 4,
    40: 4,
    41: 8,
    42: 8,
    43: 16,
    50: 12,
    60: 16,
  };
  assert.deepEqual(widths, bytes);
  assert.deepEqual(Object.values(physicalTypes).map(String), Object.keys(bytes));
});
