/** Modbus as a row of the table: many meters behind one place, by unit id. */
import { catalogue, modelNamed } from "#model/catalogue.ts";
import { FaultyAnswers, type ModbusFault, type ModbusFaultRule } from "#protocol/modbus/faults.ts";
import type { Exception } from "#protocol/modbus/pdu.ts";
import { roleOf, unitsFor, type Rights } from "#protocol/modbus/roles.ts";
import { serveModbusRtu } from "#protocol/modbus/rtu-server.ts";
import { serveModbusTcp } from "#protocol/modbus/tcp-server.ts";
import { framingOf, modbusTransports, unitFor } from "#protocol/modbus/transports.ts";
import { GatedUnit } from "#protocol/modbus/unit-behind.ts";
import { lineUnits, tcpUnits, type ModbusUnit, type Units } from "#protocol/modbus/unit.ts";
import { expectedOneOf } from "#quantity/nearest.ts";
import { z } from "zod";
import { StationRefused, type FaultWords, type Protocol, type Served, type Server, type Station } from "./protocol.ts";

interface ModbusKeys {
  readonly unit?: number | undefined;
  readonly face?: string | undefined;
  readonly anyUnit?: boolean | undefined;
  readonly roles?: Readonly<Record<string, Rights>> | undefined;
}

const common = {
  unit: z.number().int().min(1).max(247).optional().describe("the meter's own address unless said"),
  face: z.string().optional().describe("another model's registers on this meter; see: npx polyphase models"),
};

const anyUnit = z.boolean().default(false).describe("answer for every unit id");

export const roles = z
  .record(z.string().min(1), z.enum(["read", "write"]))
  .optional()
  .describe("what peers of each role may do; a role that is not named may do nothing; left out, all may do all");

const address = z.number().int().min(0).max(65_535);

const ownFaults = {
  exception: z.number().int().min(1).max(255).optional().describe("this exception instead"),
  transaction: z.literal(true).optional().describe("another transaction id (tcp)"),
  registers: z.number().int().min(0).max(125).optional().describe("an answer with only so many registers"),
  crc: z.literal(true).optional().describe("a wrong checksum (rtu)"),
};

const requests = {
  unit: z.number().int().min(0).max(255).optional(),
  function: z.number().int().min(1).max(127).optional(),
  addresses: z.tuple([address, address]).optional().describe("first wire address of the request, from and to"),
  count: z.number().int().min(1).max(2000).optional().describe("requests for so many registers or bits"),
};

type Given = z.output<z.ZodObject<typeof ownFaults & typeof requests>>;

const faultWords: FaultWords<Given, ModbusFaultRule> = {
  faults: ownFaults,
  requests,
  faultOf({ exception, transaction, registers, crc }): ModbusFault | undefined {
    if (exception !== undefined) return { kind: "exception", code: exception as Exception };
    if (transaction !== undefined) return { kind: "transaction" };
    if (registers !== undefined) return { kind: "registers", count: registers };
    return crc === undefined ? undefined : { kind: "crc" };
  },
  requestsOf: ({ unit, function: code, addresses, count }) => ({ unit, function: code, addresses, count }),
};

function unitOf(station: Station<ModbusKeys>): ModbusUnit {
  const { device, keys, answers } = station;
  const { keeps } = device;
  const { face } = keys;
  const unit = bindingOf(station);
  if (unit === undefined)
    throw new Error(`${device.name} does not speak Modbus${face === undefined ? "" : ` as ${face}`}`);
  return answers === undefined && keeps === undefined ? unit : new GatedUnit(unit, { answers, keeps });
}

function bindingOf(station: Station<ModbusKeys>): ModbusUnit | undefined {
  const { device, port, keys, line } = station;
  const { face } = keys;
  try {
    return device.bindings.modbus?.({ port, face, unit: keys.unit ?? line.address });
  } catch (error) {
    throw new StationRefused(station, "face", error instanceof Error ? error.message : String(error));
  }
}

type Stations = Served<ModbusKeys>["stations"];

/** Stations by unit. Addresses that only the meters know may be the same: then nobody could tell them apart. */
function byUnit(stations: Stations): ReadonlyMap<number, Station<ModbusKeys>> {
  const found = new Map<number, Station<ModbusKeys>>();
  for (const station of stations) {
    const unit = station.keys.unit ?? station.line.address;
    const other = found.get(unit);
    if (other !== undefined)
      throw new Error(`${other.device.name} and ${station.device.name} both have unit ${unit} on one place`);
    found.set(unit, station);
  }
  return found;
}

/** Who answers at a place. */
interface Answering {
  readonly stations: Stations;
  readonly stationAt: ReadonlyMap<number, Station<ModbusKeys>>;
  readonly found: Units;
}

function serve({ transport, stations, clock, misunderstood }: Served<ModbusKeys>): Server<ModbusFaultRule> {
  const framing = framingOf(transport);
  /** A station that stays goes on with the unit that it has. */
  const known = new WeakMap<Station<ModbusKeys>, ModbusUnit>();
  const knownUnit = (station: Station<ModbusKeys>): ModbusUnit => {
    const unit = known.get(station) ?? unitOf(station);
    known.set(station, unit);
    return unit;
  };
  const answering = (stations: Stations): Answering => {
    const stationAt = byUnit(stations);
    const units = new Map([...stationAt].map(([unit, station]) => [unit, knownUnit(station)]));
    const found = framing === "rtu" ? lineUnits(units) : tcpUnits(units, stations[0].keys.anyUnit);
    return { stations, stationAt, found };
  };
  let now = answering(stations);
  const units: Units = { find: (address) => now.found.find(address), all: () => now.found.all() };
  const change = (others: Served["stations"]): (() => void) => {
    const next = answering(others as Stations);
    return () => void (now = next);
  };
  if (framing === "rtu") {
    const timeoutOf = (stations: Stations) =>
      stations.find(({ device }) => device.frameTimeoutMs !== undefined)?.device.frameTimeoutMs;
    const first = timeoutOf(stations);
    const frameTimeoutMs = first && ((): number => (timeoutOf(now.stations) ?? first)());
    const answerDelayMs = (unit: number): number => {
      const station = now.stationAt.get(unit);
      return station?.device.answerDelayMs?.(station.port) ?? 0;
    };
    return {
      take(link, line) {
        const pace = line === undefined ? {} : { baud: line.baud, answerDelayMs };
        const faults = new FaultyAnswers(link, framing);
        serveModbusRtu(link.plain, units, clock, { ...pace, frameTimeoutMs, faults, misunderstood });
      },
      change,
    };
  }
  const { roles: allowed } = stations[0].keys;
  return {
    take(link) {
      // What a peer may do is its role's to say; where no roles are named, whoever is known may do all.
      const role = link.certificate === undefined ? undefined : roleOf(link.certificate);
      const seen = allowed === undefined ? units : unitsFor(units, role === undefined ? undefined : allowed[role]);
      serveModbusTcp(link.plain, seen, new FaultyAnswers(link, framing), misunderstood);
    },
    change,
  };
}

export const modbus: Protocol<ModbusKeys, ModbusFaultRule> = {
  name: "modbus",
  title: "Modbus",
  transports: modbusTransports,
  keys({ name }) {
    if (name === "tls") return { ...common, anyUnit, roles };
    return name === "tcp" ? { ...common, anyUnit } : common;
  },
  faultWords,
  stationKeys: ["unit", "face"],
  problems({ face }) {
    if (face === undefined || modelNamed(face) !== undefined) return [];
    const names = catalogue.map((model) => model.name);
    return [`face: ${expectedOneOf(names, face)}`];
  },
  station: ({ unit, face }, own) => ({ word: "unit", number: unit ?? own, face }),
  url: (transport, station) => unitFor(station?.number ?? 1, transport),
  serve,
};
