/** The Data objects of Appendix D as a meter has them. */
import { dataObject } from "#protocol/dlms/cosem/data.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { array, doubleLongUnsigned, float32, nullData, octets, visible, type Data } from "#protocol/dlms/data/data.ts";
import { crc32 } from "#wire/crc32.ts";
import { dataRows, intervalValues, type DataSource, type FirmwareBoard } from "./data-table.ts";
import { energyPulses, testPulses } from "./pulse-settings.ts";
import { readable, type Shown } from "./shown.ts";

/** Channels that a load profile may have. */
const CHANNELS = 16;

export function dataObjects(shown: Shown): readonly CosemObject[] {
  const access = readable(shown, "readings");
  const { profiles } = shown.surface;
  // Of a group that is not recorded there is nothing.
  const rows = dataRows.filter(([, , , , shows]) => groupOf(shows) < profiles.length);
  return rows.map(([, code, , , shows]) => dataObject(code, { value: () => valueOf(shows, shown), access }));
}

/** The load profile group that is needed, from 0. */
function groupOf(shows: DataSource): number {
  if (typeof shows === "string") return -1;
  return "interval" in shows ? shows.interval : "km" in shows ? shows.km : -1;
}

function valueOf(shows: DataSource, { surface, configuration, nameplate }: Shown): Data {
  if (shows === "serial") return text(nameplate.serial);
  if (shows === "energy pulses") return energyPulses(configuration);
  if (shows === "test pulses") return testPulses(configuration);
  if ("version" in shows) return text(versionOf(shows.version, nameplate.firmware));
  if ("signature" in shows) return signatureOf(shows.signature, nameplate.firmware);
  if ("string" in shows) return text(configuration.identification.strings[shows.string - 1]);
  if ("transformer" in shows) return doubleLongUnsigned(wholeRatings(nameplate.ratings[shows.transformer])[shows.side]);
  const profile = surface.profiles["interval" in shows ? shows.interval : shows.km];
  if (profile === undefined) return nullData;
  if ("interval" in shows) {
    const value = intervalValues.get(profile.interval);
    return value === undefined ? nullData : doubleLongUnsigned(value);
  }
  return array(Array.from({ length: CHANNELS }, (_, k) => float32(profile.channels[k]?.km ?? 0)));
}

type Ratings = Readonly<Record<"primary" | "secondary", number>>;

/** Digits behind the point that a ratio has at most. */
const DIGITS = 6;

/** Of the same ratio, in whole numbers: 1205 and 10 of 120.5 and 1. */
export function wholeRatings({ primary, secondary }: Ratings): Ratings {
  const isWhole = (value: number): boolean => Math.abs(value - Math.round(value)) < 1e-6;
  let factor = 1;
  while (factor < 10 ** DIGITS && !(isWhole(primary * factor) && isWhole(secondary * factor))) factor *= 10;
  return { primary: Math.round(primary * factor), secondary: Math.round(secondary * factor) };
}

/** What there is not, has no value. A visible string has the letters of ISO 646: others are question marks. */
function text(value: string | undefined): Data {
  if (value === undefined || value === "") return nullData;
  return visible([...value].map((letter) => (/^[\x20-\x7e]$/.test(letter) ? letter : "?")).join(""));
}

function versionOf(board: FirmwareBoard, firmware: Shown["nameplate"]["firmware"]): string | undefined {
  return firmware[board];
}

/** A virtual meter has no image to be signed: it is the CRC-32 of board and version, which is another with every other firmware. */
function signatureOf(board: FirmwareBoard, firmware: Shown["nameplate"]["firmware"]): Data {
  const version = versionOf(board, firmware);
  if (version === undefined) return nullData;
  const crc = new Uint8Array(4);
  new DataView(crc.buffer).setUint32(0, crc32(new TextEncoder().encode(`${board} ${version}`)));
  return octets(crc);
}
