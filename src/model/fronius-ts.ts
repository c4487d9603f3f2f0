/**
 * What Fronius inverters (GEN24) take for their Smart Meter over Modbus TCP: SunSpec model 1 without the pad, the float
 * meter at 40070; its unit is 240, which the meter shows as its address. Most inverters ask on port 502 only. Facts gathered from programs that stand in for
 * that meter; the product's own documents were not to be had.
 */
import type { ModbusFace } from "#protocol/modbus/register-table.ts";
import {
  commonModel,
  endModel,
  floatMeterModel,
  floatModels,
  sunSpecScales,
  type SunSpecScale,
} from "#protocol/sunspec/models.ts";
import type { MeterModel } from "./model.ts";
import { connectedAs } from "./virtual-design.ts";

const modbus: ModbusFace<SunSpecScale> = {
  map: {
    base: 1,
    scales: sunSpecScales,
    blocks: [
      commonModel(40001, 65, { manufacturer: "Fronius", product: "Smart Meter TS 65A-3" }),
      floatMeterModel(40070, floatModels),
      endModel(40196),
    ],
  },
  // An inverter takes zeros and old values for real ones.
  faultWhenUnmeasured: true,
};

export const froniusTs: MeterModel = {
  name: "fronius-ts",
  title: "Fronius-style Smart Meter over Modbus TCP",
  manual: "SunSpec information models 1 and 211-214, as inverters ask for them",
  manufacturer: "Fronius",
  product: "Smart Meter TS 65A-3",
  options: { plain: "", logging: "" },
  firmware: 1003,
  instrument: connectedAs("wye", "1-phase-ln", "1-phase-ll", "split-phase", "delta"),
  modbus,
};
