/**
 * What readers of meters ask for, request by request, where they do not ask value by value: their own tables, and recordings of
 * inverters. Each is played against the face that it looks for.
 */
export interface Asked {
  readonly fn: 3 | 4;
  readonly first: number;
  readonly count: number;
  /** Hexadecimal words that must come, where the source has them. */
  readonly answer?: string;
}

export interface Sequence {
  readonly reader: string;
  readonly source: string;
  readonly face: string;
  readonly asks: readonly Asked[];
}

type Short = readonly [fn: 3 | 4, first: number, count: number, answer?: string];

function asks(...list: readonly Short[]): readonly Asked[] {
  return list.map(([fn, first, count, answer]) => ({ fn, first, count, ...(answer === undefined ? {} : { answer }) }));
}

export const sequences: readonly Sequence[] = [
  {
    reader: "sdm_modbus, SDM630.read_all",
    source: "github.com/nmakel/sdm_modbus fead352: registers by batch, input then holding",
    face: "eastron-sdm630",
    asks: asks([4, 0x0000, 80], [4, 0x0050, 28], [4, 0x00c8, 70], [4, 0x014e, 48], [3, 0x0000, 38], [3, 0xfc00, 2]),
  },
  {
    reader: "sdm_modbus, SDM72V2.read_all",
    source: "github.com/nmakel/sdm_modbus fead352: batches 1, 2 and 4 of the input registers, the holding registers",
    face: "eastron-sdm72d",
    asks: asks([4, 0x00c8, 26], [4, 0x0156, 56], [4, 0x0500, 4], [3, 0x000a, 52]),
  },
  {
    reader: "sdm_modbus, SDM120.read_all",
    source: "github.com/nmakel/sdm_modbus fead352: batches of the input registers, the serial number",
    face: "eastron-sdm120",
    asks: asks([4, 0x0000, 32], [4, 0x0046, 26], [4, 0x0102, 8], [4, 0x0156, 4], [3, 0x0000, 30], [3, 0xfc00, 2]),
  },
  {
    reader: "sdm_modbus, EM24.read_all",
    source: "github.com/nmakel/sdm_modbus fead352: one batch, 122 words from 0",
    face: "em24",
    asks: asks([4, 0x0000, 122]),
  },
  {
    reader: "Solax X1 with an SDM230",
    source: "github.com/syssi/esphome-solax-x1-mini, issue 20: a recording",
    face: "eastron-sdm230",
    asks: asks([3, 0x000b, 1, "00a8"], [4, 0x0048, 2], [4, 0x000c, 2], [4, 0x004a, 2]),
  },
  {
    reader: "Solax with an SDM630",
    source:
      "the same first question; the list of the SDM630 says that a single register is answered with the instrument's type",
    face: "eastron-sdm630",
    asks: asks([3, 0x000b, 1, "0070"], [4, 0x000c, 2], [4, 0x000e, 2], [4, 0x0010, 2], [4, 0x0034, 2], [4, 0x0048, 4]),
  },
  {
    reader: "Growatt with an SDM630 at address 2",
    source:
      "github.com/alessandromatera/SDM230-emulator-growatt-esp-mqtt, issue 5: 02 04 00 00 00 12, and 01 04 00 00 00 14",
    face: "eastron-sdm630",
    asks: asks([4, 0x0000, 18], [4, 0x0000, 20]),
  },
  {
    reader: "Growatt with an SDM230",
    source: "the same recording",
    face: "eastron-sdm230",
    asks: asks([4, 0x0000, 18], [4, 0x0000, 20]),
  },
  {
    reader: "Growatt looking for a DTSU666",
    source: "the same recording: 03 03 20 00 00 0A",
    face: "chint-dtsu666",
    asks: asks([3, 0x2000, 10]),
  },
  {
    reader: "Fronius GEN24 with a TS 65A-3 on a serial line",
    source: "github.com/otti/FroniusModbusRtu ac8ec1e",
    face: "fronius-ts-rtu",
    asks: asks([3, 258, 16], [3, 286, 42], [3, 1024, 16]),
  },
  {
    reader: "Fronius GEN24 over TCP",
    source:
      "SunSpec model 1 of length 65, model 213 at 40070 (github.com/tichachm/fronius_smart_meter_modbus_tcp_emulator)",
    face: "fronius-ts",
    asks: asks(
      [3, 40_000, 2, "53756e53"],
      [3, 40_002, 67],
      [3, 40_069, 2, "00d5007c"],
      [3, 40_071, 124],
      [3, 40_195, 2, "ffff0000"],
    ),
  },
  {
    reader: "SolarEdge with a WattNode",
    source: "github.com/nmakel/solaredge_meterproxy e8c62b6, the blocks of semp-rtu.py",
    face: "wattnode-wnc",
    asks: asks([3, 1000, 34], [3, 1100, 82], [3, 1600, 23], [3, 1650, 6], [3, 1700, 23], [3, 1706, 1, "00ca"]),
  },
  {
    reader: "Victron dbus-modbus-client, EM24",
    source:
      "github.com/victronenergy/dbus-modbus-client fe12d8c, carlo_gavazzi.py: probe, info, and runs with holes of up to 31 words",
    face: "em24",
    asks: asks(
      [3, 0x000b, 1, "0670"],
      [3, 0xa000, 1, "0007"],
      [3, 0x0302, 1],
      [3, 0x0304, 1],
      [3, 0x1002, 1, "0000"],
      [3, 0x5000, 7],
      [3, 0x0000, 80],
      [3, 0xa100, 1],
    ),
  },
  {
    reader: "Victron dbus-modbus-client, ABB B23",
    source: "github.com/victronenergy/dbus-modbus-client fe12d8c, abb.py",
    face: "abb-b23",
    asks: asks(
      [3, 0x8960, 2, "42323320"],
      [3, 0x8900, 2],
      [3, 0x8908, 8],
      [3, 0x5b00, 62],
      [3, 0x5000, 8],
      [3, 0x5460, 24],
    ),
  },
  {
    reader: "Victron dbus-cgwacs, EM112",
    source: "github.com/victronenergy/dbus-cgwacs 24e1416, ac_sensor_updater.cpp: Em112Commands",
    face: "em112",
    asks: asks(
      [3, 0x000b, 1, "0066"],
      [3, 0x5000, 7],
      [3, 0x0303, 1],
      [3, 0x1103, 1, "0001"],
      [3, 0x0004, 2],
      // 230.0 V and 5.123 A.
      [3, 0x0000, 4, "08fc000014030000"],
      [3, 0x0010, 3],
      [3, 0x0020, 3],
      [3, 0x000f, 2],
    ),
  },
  {
    reader: "Victron dbus-cgwacs, ET340",
    source: "github.com/victronenergy/dbus-cgwacs 24e1416, ac_sensor_updater.cpp: Et340Commands",
    face: "et340",
    asks: asks(
      [3, 0x000b, 1, "0159"],
      [3, 0x5000, 7],
      [3, 0x0302, 1],
      [3, 0x0032, 1, "0000"],
      [3, 0x1103, 1, "0001"],
      [3, 0x1002, 1, "0000"],
      [3, 0x0028, 2],
      [3, 0x0012, 6],
      [3, 0x0024, 4],
      [3, 0x0000, 8],
      [3, 0x000c, 8],
      [3, 0x0034, 4],
      [3, 0x0040, 8],
      [3, 0x004e, 4],
      [3, 0x0060, 8],
      [3, 0x0033, 2],
    ),
  },
];
