/**
 * What mbmd (github.com/volkszaehler/mbmd fb8f9c2, meters/rs485) reads of each type of meter, a value a request: its own names,
 * with wire addresses, and how it takes the registers. evcc reads meters through it (templates eastron-*, cg-em24_e1, cg-emt3xx,
 * abb-ab, schneider-iem3000: "type: mbmd").
 */
export type Codec = "f32" | "f32 low first" | "s32 low first" | "u32" | "s32" | "u16" | "s16" | "u64" | "s64";
/** How registers become the number in V, A, W, 1, Hz or kWh: the number is divided by this. */
export type Formats = Readonly<Record<"V" | "A" | "W" | "PF" | "Hz" | "kWh", readonly [codec: Codec, by: number]>>;

export interface MbmdMeter {
  readonly type: string;
  /** The face that plays it. */
  readonly face: string;
  readonly fn: 3 | 4;
  readonly formats: Formats;
  /** "name:address", hexadecimal. */
  readonly opcodes: readonly string[];
}

const f32 = ["f32", 1] as const;
const floats: Formats = { V: f32, A: f32, W: f32, PF: f32, Hz: f32, kWh: f32 };
const gavazzi: Formats = {
  V: ["s32 low first", 10],
  A: ["s32 low first", 1000],
  W: ["s32 low first", 10],
  PF: ["s16", 1000],
  Hz: ["s16", 10],
  kWh: ["s32 low first", 10],
};
const chint: Formats = {
  V: ["f32", 10],
  A: ["f32", 1000],
  W: ["f32", 10],
  PF: ["f32", 1000],
  Hz: ["f32", 100],
  kWh: f32,
};
const abb: Formats = {
  V: ["u32", 10],
  A: ["u32", 100],
  W: ["s32", 100],
  PF: ["s16", 1000],
  Hz: ["u16", 100],
  kWh: ["u64", 100],
};
const iem: Formats = { ...floats, W: ["f32", 0.001], kWh: ["s64", 1000] };
const janitza: Formats = { ...floats, kWh: ["f32", 1000] };

export const mbmdMeters: readonly MbmdMeter[] = [
  {
    type: "SDM",
    face: "eastron-sdm630",
    fn: 4,
    formats: floats,
    opcodes: [
      "VoltageL1:0000 VoltageL2:0002 VoltageL3:0004 CurrentL1:0006 CurrentL2:0008 CurrentL3:000a PowerL1:000c",
      "PowerL2:000e PowerL3:0010 ApparentPowerL1:0012 ApparentPowerL2:0014 ApparentPowerL3:0016 ReactivePowerL1:0018",
      "ReactivePowerL2:001a ReactivePowerL3:001c CosphiL1:001e CosphiL2:0020 CosphiL3:0022 Power:0034",
      "ApparentPower:0038 ReactivePower:003c Cosphi:003e PhaseAngle:0042 Frequency:0046 Import:0048 Export:004a",
      "ReactiveImport:004c ReactiveExport:004e THDL1:00ea THDL2:00ec THDL3:00ee THD:00f8 Sum:0156 ReactiveSum:0158",
      "ImportL1:015a ImportL2:015c ImportL3:015e ExportL1:0160 ExportL2:0162 ExportL3:0164 SumL1:0166 SumL2:0168",
      "SumL3:016a ReactiveImportL1:016c ReactiveImportL2:016e ReactiveImportL3:0170 ReactiveExportL1:0172",
      "ReactiveExportL2:0174 ReactiveExportL3:0176 ReactiveSumL1:0178 ReactiveSumL2:017a ReactiveSumL3:017c",
    ],
  },
  {
    type: "SDM72V2",
    face: "eastron-sdm72d",
    fn: 4,
    formats: floats,
    opcodes: [
      "VoltageL1:0000 VoltageL2:0002 VoltageL3:0004 CurrentL1:0006 CurrentL2:0008 CurrentL3:000a PowerL1:000c",
      "PowerL2:000e PowerL3:0010 ApparentPowerL1:0012 ApparentPowerL2:0014 ApparentPowerL3:0016 ReactivePowerL1:0018",
      "ReactivePowerL2:001a ReactivePowerL3:001c CosphiL1:001e CosphiL2:0020 CosphiL3:0022 Power:0034",
      "ApparentPower:0038 ReactivePower:003c Cosphi:003e Frequency:0046 Import:0048 Export:004a Sum:0156",
      "ReactiveSum:0158",
    ],
  },
  {
    type: "SDM120",
    face: "eastron-sdm120",
    fn: 4,
    formats: floats,
    opcodes: [
      "Voltage:0000 Current:0006 Power:000c ApparentPower:0012 ReactivePower:0018 Cosphi:001e Frequency:0046",
      "Import:0048 Export:004a ReactiveImport:004c ReactiveExport:004e Sum:0156 ReactiveSum:0158",
    ],
  },
  {
    type: "SDM230",
    face: "eastron-sdm230",
    fn: 4,
    formats: floats,
    opcodes: [
      "Voltage:0000 Current:0006 Power:000c ApparentPower:0012 ReactivePower:0018 Cosphi:001e PhaseAngle:0024",
      "Frequency:0046 Import:0048 Export:004a ReactiveImport:004c ReactiveExport:004e Sum:0156 ReactiveSum:0158",
    ],
  },
  {
    type: "CGEM24_E1",
    face: "em24",
    fn: 4,
    formats: gavazzi,
    opcodes: [
      "VoltageL1:0000 VoltageL2:0002 VoltageL3:0004 CurrentL1:000c CurrentL2:000e CurrentL3:0010 PowerL1:0012",
      "PowerL2:0014 PowerL3:0016 Power:0028 CosphiL1:002e CosphiL2:002f CosphiL3:0030 Cosphi:0031 Frequency:0033",
      "Import:0034 ImportL1:0040 ImportL2:0042 ImportL3:0044 Export:004e",
    ],
  },
  {
    type: "CGEX3X0",
    face: "et340",
    fn: 4,
    formats: gavazzi,
    opcodes: [
      "VoltageL1:0000 VoltageL2:0002 VoltageL3:0004 CurrentL1:000c CurrentL2:000e CurrentL3:0010 PowerL1:0012",
      "PowerL2:0014 PowerL3:0016 Power:0028 CosphiL1:002e CosphiL2:002f CosphiL3:0030 Cosphi:0031 Frequency:0033",
      "Import:0034 ImportL1:0040 ImportL2:0042 ImportL3:0044 Export:004e",
    ],
  },
  {
    type: "DTSU666",
    face: "chint-dtsu666",
    fn: 3,
    formats: chint,
    opcodes: [
      "Import:101e ImportL1:1020 ImportL2:1022 ImportL3:1024 Export:1028 ExportL1:102a ExportL2:102c ExportL3:102e",
      "VoltageL1:2006 VoltageL2:2008 VoltageL3:200a CurrentL1:200c CurrentL2:200e CurrentL3:2010 Power:2012",
      "PowerL1:2014 PowerL2:2016 PowerL3:2018 ReactivePower:201a ReactivePowerL1:201c ReactivePowerL2:201e",
      "ReactivePowerL3:2020 Cosphi:202a CosphiL1:202c CosphiL2:202e CosphiL3:2030 Frequency:2044",
    ],
  },
  {
    type: "ABB",
    face: "abb-b23",
    fn: 3,
    formats: abb,
    opcodes: [
      "VoltageL1:5b00 VoltageL2:5b02 VoltageL3:5b04 CurrentL1:5b0c CurrentL2:5b0e CurrentL3:5b10 Power:5b14",
      "PowerL1:5b16 PowerL2:5b18 PowerL3:5b1a ImportL1:5460 ImportL2:5464 ImportL3:5468 Import:5000 ExportL1:546c",
      "ExportL2:5470 ExportL3:5474 Export:5004 Cosphi:5b3a CosphiL1:5b3b CosphiL2:5b3c CosphiL3:5b3d Frequency:5b2c",
    ],
  },
  {
    type: "IEM3000",
    face: "schneider-iem3155",
    fn: 3,
    formats: iem,
    opcodes: [
      "VoltageL1:0bd3 VoltageL2:0bd5 VoltageL3:0bd7 Voltage:0bdb CurrentL1:0bb7 CurrentL2:0bb9 CurrentL3:0bbb",
      "Current:0bc1 PowerL1:0bed PowerL2:0bef PowerL3:0bf1 Power:0bf3 ReactivePower:0bfb ApparentPower:0c03",
      "Frequency:0c25 Import:0c83 ImportL1:0dbd ImportL2:0dc1 ImportL3:0dc5 Export:0c87 ReactiveImport:0c93",
      "ReactiveExport:0c97",
    ],
  },
  {
    type: "JANITZA",
    face: "janitza-umg604",
    fn: 3,
    formats: janitza,
    opcodes: [
      "VoltageL1:4a38 VoltageL2:4a3a VoltageL3:4a3c CurrentL1:4a44 CurrentL2:4a46 CurrentL3:4a48 PowerL1:4a4c",
      "PowerL2:4a4e PowerL3:4a50 Power:4a52 ImportL1:4a76 ImportL2:4a78 ImportL3:4a7a Import:4a7c ExportL1:4a7e",
      "ExportL2:4a80 ExportL3:4a82 Export:4a84 CosphiL1:4a64 CosphiL2:4a66 CosphiL3:4a68 Frequency:4a6a",
    ],
  },
];
