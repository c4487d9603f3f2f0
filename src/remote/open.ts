/** The reader of a meter, by what its entry says. */
import type { Clock } from "#clock/clock.ts";
import type { DlmsSecrets } from "#headend/dlms-secrets.ts";
import type { MeterSource } from "#headend/meter-source.ts";
import { sourceOf } from "#headend/meter-url.ts";
import { isModbus, type ModbusUrl } from "#headend/modbus-url.ts";
import { hexBytes, passwordBytes } from "#headend/secret-bytes.ts";
import { readText, resolvePath } from "#io/file.ts";
import { readSecret, type NamedSecret } from "#io/named-secret.ts";
import { modelNamed } from "#model/catalogue.ts";
import type { Configurations, MeterEntry } from "#product/product.ts";
import { whither, type ReadEntry } from "./entry.ts";
import type { ReadLines } from "./lines.ts";

export interface Opening {
  readonly entry: MeterEntry;
  readonly read: ReadEntry;
  /** Of the site file. */
  readonly folder: string;
  readonly lines: ReadLines;
  readonly clock: Clock;
  /** Of a model that is set up by a file, which says what its registers are. */
  readonly configurations: Configurations | undefined;
}

/** Files that a URL names lie from the site file on, as all that it names do. */
function withFiles(text: string, folder: string): string {
  const url = new URL(text);
  for (const name of ["certificate", "key", "authority"]) {
    const file = url.searchParams.get(name);
    if (file !== null && file !== "") url.searchParams.set(name, resolvePath(folder, file));
  }
  return url.searchParams.has("certificate") ? url.href : text;
}

/** Rejects with what is wrong with what the entry names. */
export async function openSource({ read: given, ...rest }: Opening): Promise<MeterSource> {
  const read = { ...given, url: withFiles(given.url, rest.folder) };
  const opening = { ...rest, read };
  const { entry, folder, lines } = rest;
  const to = whither(read.url);
  const timeoutMs = 1000 * read.timeout;
  if (to.kind === "site") {
    const { SiteSource } = await import("#headend/site-source.ts");
    const siteUser = read.user === undefined ? undefined : { user: read.user, password: text(read.password, folder) };
    return new SiteSource(read.url, to, { siteUser }, { names: [] });
  }
  if (isModbus(to.url)) return modbusSource(to.url, opening);
  const source = sourceOf(read.url);
  if (source === undefined) throw new Error(`${read.url}: nobody says what it has`);
  const { configurations } = opening;
  const said = configurationOf(opening);
  const dnp3Points =
    configurations === undefined || entry.configuration === undefined
      ? undefined
      : async () => configurations.dnp3Points(said.name, said.text, orderOf(opening, configurations));
  return source({ names: [], timeoutMs, held: lines.held, secrets: secretsOf(read, folder), dnp3Points });
}

async function modbusSource(at: ModbusUrl, opening: Opening): Promise<MeterSource> {
  const { entry, read, lines: all, clock, configurations } = opening;
  const lines = all.modbus(1000 * read.timeout, read.maxRegisters);
  const model = modelNamed(entry.model);
  if (model !== undefined) {
    const { FixedMapSource } = await import("#headend/fixed-map-source.ts");
    const { withWordsTurned } = await import("#headend/read-meter.ts");
    const taken = read.swapWords ? withWordsTurned(model) : model;
    return new FixedMapSource({ text: read.url, at }, taken, { lines, clock, wanted: "quantities" });
  }
  if (configurations === undefined) throw new Error(`nobody says what the registers of ${entry.model} are`);
  const { ConfiguredSource } = await import("#headend/point-source.ts");
  const { name, text: said } = configurationOf(opening);
  const lists = configurations.modbusPoints(name, said, orderOf(opening, configurations));
  return new ConfiguredSource({ text: read.url, at, model: entry.model }, lists, { lines, clock, names: [] });
}

function orderOf({ entry }: Opening, { usualOrder }: Configurations): string {
  return entry.modelNumber ?? usualOrder;
}

/** The factory's unless the entry names one. */
function configurationOf({ entry: { configuration }, folder }: Opening): {
  readonly name: string;
  readonly text: string;
} {
  if (configuration === undefined) return { name: "the factory's configuration", text: "" };
  return { name: configuration, text: readText(resolvePath(folder, configuration)) };
}

function text(named: NamedSecret | undefined, folder: string): string {
  return named === undefined ? "" : new TextDecoder().decode(readSecret(named, folder));
}

/** Read when they are needed: what is not there is said then, and need not be there before. */
function secretsOf({ password, keys = {} }: ReadEntry, folder: string): DlmsSecrets {
  const nameOf = (name: string): string => `source.read.keys.${name}`;
  return {
    async password() {
      if (password === undefined) throw new Error("source.read.password: its meter wants a password");
      return passwordBytes(text(password, folder));
    },
    nameOf,
    key(name) {
      const named = keys[name];
      if (named === undefined) return undefined;
      const key = hexBytes(text(named, folder));
      if (key === undefined) throw new Error(`${nameOf(name)}: expected hexadecimal digits, two a byte`);
      return key;
    },
  };
}
