/**
 * What stations say of themselves: type 71 of the standard; 129 the parameters of a measuring point, 142 the configuration of the equipment,
 * and 157 its settings one by one, of the Spanish profile.
 */
import { WireError, type Reader, type Writer } from "#wire/cursor.ts";
import { readTimeA, writeTimeA, type TimeA } from "./time.ts";

/** Of which month an edition of the standard is. */
export interface Edition {
  /** 2000 to 2015. */
  readonly year: number;
  readonly month: number;
}

export interface ProductValues {
  readonly kind: "product";
  readonly edition: Edition;
  readonly manufacturer: number;
  readonly device: number;
}

export interface PointValues {
  readonly kind: "point";
  /** Link address. */
  readonly address: number;
  readonly points: number;
  readonly point: number;
  /** Never written: the octets of the key are 0. */
  readonly key: number;
  /** Minutes. */
  readonly period: number;
  /** How far records go back. */
  readonly depth: number;
}

/** How fast a port is, and of which bits its characters are, by codes. */
export interface PortValues {
  readonly speed: number;
  readonly form: number;
}

export interface EquipmentValues {
  readonly kind: "equipment";
  readonly manufacturer: number;
  /** Two characters. */
  readonly model: string;
  readonly firmware: number;
  readonly device: number;
  readonly edition: Edition;
  /** Of the protocol's version. */
  readonly version: TimeA;
  /** Percent. */
  readonly battery: number;
  /** How the first port's modem is started: mode, and a text of twenty characters. */
  readonly port1: PortValues & { readonly mode: number; readonly text: string };
  readonly port2: PortValues;
  readonly optical: PortValues;
  /** Tenths of volts and amperes. */
  readonly volts: Ratio;
  readonly amps: Ratio;
  /** Minutes of three integration periods. */
  readonly periods: readonly number[];
  /** Whether each of three contracts is active. */
  readonly contracts: readonly boolean[];
}

export interface Ratio {
  readonly primary: number;
  readonly secondary: number;
}

/** Battery, periods and ratios are read; the others are octets. */
export type Setting =
  | { readonly object: 192; readonly battery: number }
  | { readonly object: 197; readonly periods: readonly number[] }
  | { readonly object: 198; readonly volts: Ratio; readonly amps: Ratio }
  | { readonly object: 193 | 194 | 195 | 196 | 199 | 200 | 201; readonly octets: Uint8Array };

export interface SettingValues {
  readonly kind: "settings";
  readonly settings: readonly Setting[];
}

/** Codes of ports by their bits a second; 255 is another. */
export const portSpeeds: Readonly<Record<number, number>> = {
  300: 1,
  600: 2,
  1200: 3,
  2400: 4,
  4800: 5,
  9600: 6,
  14_400: 7,
  19_200: 8,
  28_800: 9,
  38_400: 10,
  57_600: 11,
  115_200: 12,
};
export const OTHER_SPEED = 255;

/** Codes of a character's bits. */
export const portForms: Readonly<Record<string, number>> = { "8N1": 7, "8E1": 8, "8O1": 9 };

/** Equipment and points fill the longest ASDU that there is with two octets of link address, as meters in the field do. */
const FILLED = 246;
const MODEL = 2;
const TEXT = 20;

function readEdition(from: Reader): Edition {
  const octet = from.u8();
  return { year: 2000 + (octet >> 4), month: octet & 0x0f };
}

function editionOctet({ year, month }: Edition): number {
  return (((year - 2000) & 0x0f) << 4) | (month & 0x0f);
}

export function readProduct(from: Reader): ProductValues {
  return { kind: "product", edition: readEdition(from), manufacturer: from.u8(), device: from.u32(true) };
}

export function writeProduct(to: Writer, { edition, manufacturer, device }: ProductValues): void {
  to.u8(editionOctet(edition)).u8(manufacturer).u32(device, true);
}

export function readPoint(from: Reader): PointValues {
  const [address, points, point] = [from.u16(true), from.u8(), from.u16(true)];
  const [key, period, depth] = [from.u32(true), from.u8(), from.u16(true)];
  from.skip(from.left);
  return { kind: "point", address, points, point, key, period, depth };
}

export function writePoint(to: Writer, { address, points, point, period, depth }: PointValues): void {
  const { at } = to;
  to.u16(address, true).u8(points).u16(point, true).u32(0, true).u8(period).u16(depth, true);
  to.bytes(new Uint8Array(FILLED - (to.at - at)));
}

function readText(from: Reader, length: number): string {
  return from.latin1(length).replace(/\0+$/, "");
}

function writeText(to: Writer, text: string, length: number): void {
  to.latin1(text.slice(0, length).padEnd(length, "\0"));
}

function readRatio(from: Reader): Ratio {
  return { primary: from.u32(true), secondary: from.u32(true) };
}

function writeRatio(to: Writer, { primary, secondary }: Ratio): void {
  to.u32(primary, true).u32(secondary, true);
}

/** Two bits a contract: 2 is active, 1 is not. */
const [ACTIVE, INACTIVE, CONTRACTS] = [2, 1, 3];

export function readEquipment(from: Reader): EquipmentValues {
  const [manufacturer, model, firmware, device] = [from.u8(), readText(from, MODEL), from.u8(), from.u32(true)];
  const [edition, version, battery] = [readEdition(from), readTimeA(from), from.u8()];
  const port1 = { speed: from.u8(), form: from.u8(), mode: from.u8(), text: readText(from, TEXT) };
  const [port2, optical] = [
    { speed: from.u8(), form: from.u8() },
    { speed: from.u8(), form: from.u8() },
  ];
  const [volts, amps] = [readRatio(from), readRatio(from)];
  const periods = [from.u8(), from.u8(), from.u8()];
  const bits = from.u8();
  const contracts = Array.from({ length: CONTRACTS }, (_, k) => ((bits >> (2 * k)) & 3) === ACTIVE);
  from.skip(from.left);
  return {
    kind: "equipment",
    manufacturer,
    model,
    firmware,
    device,
    edition,
    version,
    battery,
    port1,
    port2,
    optical,
    volts,
    amps,
    periods,
    contracts,
  };
}

export function writeEquipment(to: Writer, one: EquipmentValues): void {
  const { at } = to;
  to.u8(one.manufacturer);
  writeText(to, one.model, MODEL);
  to.u8(one.firmware).u32(one.device, true).u8(editionOctet(one.edition));
  writeTimeA(to, one.version);
  to.u8(one.battery).u8(one.port1.speed).u8(one.port1.form).u8(one.port1.mode);
  writeText(to, one.port1.text, TEXT);
  for (const { speed, form } of [one.port2, one.optical]) to.u8(speed).u8(form);
  writeRatio(to, one.volts);
  writeRatio(to, one.amps);
  for (const minutes of one.periods) to.u8(minutes);
  to.u8(one.contracts.reduce((bits, isActive, k) => bits | ((isActive ? ACTIVE : INACTIVE) << (2 * k)), 0));
  to.bytes(new Uint8Array(FILLED - (to.at - at)));
}

/** Octets of settings that are no numbers of ours: clock changes, closures, alarms, voltage faults, synchronisation, programme, button. */
const settingOctets: Readonly<Record<number, number>> = { 193: 1, 194: 1, 195: 2, 196: 3, 199: 1, 200: 25, 201: 1 };

function isOther(object: number): object is 193 | 194 | 195 | 196 | 199 | 200 | 201 {
  return settingOctets[object] !== undefined;
}

export function readSettings(from: Reader, count: number): SettingValues {
  const settings = Array.from({ length: count }, (): Setting => {
    const object = from.u8();
    if (object === 192) return { object, battery: from.u8() };
    if (object === 197) return { object, periods: [from.u8(), from.u8()] };
    if (object === 198) return { object, volts: readRatio(from), amps: readRatio(from) };
    if (isOther(object)) return { object, octets: from.bytes(settingOctets[object] ?? 0).slice() };
    throw new WireError(`object ${object} is no setting`, from.at - 1);
  });
  return { kind: "settings", settings };
}

export function writeSettings(to: Writer, { settings }: SettingValues): void {
  for (const one of settings) {
    to.u8(one.object);
    if (one.object === 192) to.u8(one.battery);
    else if (one.object === 197) for (const minutes of one.periods) to.u8(minutes);
    else if (one.object === 198) for (const ratio of [one.volts, one.amps]) writeRatio(to, ratio);
    else to.bytes(one.octets);
  }
}
