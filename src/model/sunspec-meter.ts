/**
 * A meter that is SunSpec and nothing else: model 1 (with the pad of today's models), the integer meter and the float
 * meter in one chain from 40000 on.
 */
import type { ModbusFace } from "#protocol/modbus/register-table.ts";
import {
  commonModel,
  endModel,
  floatMeterModel,
  floatModels,
  integerModels,
  meterModel,
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
      commonModel(40001, 66),
      meterModel(40071, integerModels),
      floatMeterModel(40178, floatModels),
      endModel(40304),
    ],
  },
  identification: { vendor: "Polyphase", product: "SunSpec meter", revision: "{version}" },
};

export const sunspecMeter: MeterModel = {
  name: "sunspec-meter",
  title: "SunSpec meter, integers and floats",
  manual: "SunSpec information models 1, 201-204, 211-214",
  manufacturer: "Polyphase",
  product: "SunSpec meter",
  options: { plain: "", logging: "" },
  firmware: 1000,
  instrument: connectedAs(
    "wye",
    "1-phase-ln",
    "1-phase-ll",
    "split-phase",
    "network",
    "delta",
    "two-element",
    "open-delta",
  ),
  modbus,
};
