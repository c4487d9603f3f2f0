/** Meters and devices as they stand in a site: each made of an entry of its file, on the memory of that name. */
import type { Clock } from "#clock/clock.ts";
import type { ListenEntry, Listening } from "#fleet/protocols/protocol.ts";
import { followingEntry } from "#fleet/protocols/sv.ts";
import { isOfMeter } from "#fleet/protocols/table.ts";
import { fileMark } from "#io/draft.ts";
import { folderOf, readFile, resolvePath, withExtension } from "#io/file.ts";
import { FileError } from "#product/file-error.ts";
import { remoteDevice } from "#remote/device.ts";
import type { ReadLines } from "#remote/lines.ts";
import type { Device, DeviceOptions, PortUse, Product } from "#product/product.ts";
import { same } from "#quantity/same.ts";
import type { WiringName } from "#quantity/wiring.ts";
import { DraftDrawer } from "#store/draft-drawer.ts";
import { MemoryStore, type MeterStore, type Store } from "#store/store.ts";
import { isChangeable } from "#waveform/ordered-networks.ts";
import { crc32 } from "#wire/crc32.ts";
import { Bench, type BenchOf } from "./bench.ts";
import type { Notice } from "./notice.ts";
import { plainDevice, productOf } from "./products.ts";
import type { Refusals } from "./refusals.ts";
import type { MeterEntry, PlainEntry, SiteFile } from "./site-schema.ts";
import { makeSource, phasesOf, playOf } from "./sources.ts";

/** What the meters of a site have in common. */
export interface Premises {
  /** The site file. */
  readonly file: string;
  readonly products: readonly Product[];
  readonly clock: Clock;
  /** By which peers, lines and people go. */
  readonly real: Clock;
  readonly store: Store;
  readonly refusals: Refusals;
  /** By which meters that are there are read. */
  readonly lines: ReadLines;
}

/** What is to be made: a meter, or what is none. */
export type Entry =
  | { readonly kind: "meter"; readonly entry: MeterEntry }
  | { readonly kind: "device"; readonly entry: PlainEntry };

export interface Installed {
  readonly made: Entry;
  readonly device: Device;
  readonly listening: Listening;
  /** Its memory; a device of bits and registers has none. */
  readonly drawer: MeterStore | undefined;
  /** What the files were that its entry names. */
  readonly named: Named;
  /** Where its source can be changed while it runs; undefined of another. */
  readonly bench?: Bench | undefined;
  /** What is odd in its source. */
  readonly notes: readonly string[];
  /** Makes what it has put in its drawer the meter's. */
  take(): void;
}

/** The files that an entry names, as they were; undefined of what it does not name. */
interface Named {
  /** A recording, which is long: by whether somebody has written it anew. */
  readonly recording?: unknown;
  /** A configuration: the bytes of it, by their number and sum. */
  readonly text?: readonly number[];
  /** The same of what it means, which a comment does not change; it may have passwords, so nothing else of it is held. */
  readonly meaning?: readonly number[] | undefined;
}

/** In the order of the file, meters first. */
export function entriesOf({ meters, devices }: SiteFile): readonly Entry[] {
  return [
    ...meters.map((entry): Entry => ({ kind: "meter", entry })),
    ...devices.map((entry): Entry => ({ kind: "device", entry })),
  ];
}

/** What the file calls its meters and devices, by name: "meters[0]". */
export function keyIn({ meters, devices }: SiteFile): (name: string) => string {
  const keys = new Map([
    ...meters.map(({ name }, k) => [name, `meters[${k}]`] as const),
    ...devices.map(({ name }, k) => [name, `devices[${k}]`] as const),
  ]);
  return (name) => keys.get(name) ?? name;
}

/** Makes what an entry says; what it puts in its drawer is nobody's until it is taken. Throws an Error that says what is wrong, and whose. */
export function install(made: Entry, premises: Premises): Installed {
  const named = namedBy(made, premises);
  if (made.kind === "device") {
    const device = plainDevice(made.entry, premises.clock);
    return { made, device, listening: listeningOf(made, device), drawer: undefined, named, notes: [], take() {} };
  }
  const { entry } = made;
  const { read } = entry.source;
  if (read !== undefined) return readMeter(made, { entry, read }, premises, named);
  const { file, products, clock, real, store, refusals } = premises;
  const product = productOf(entry.model, products);
  if (product === undefined) throw new Error(`${entry.name}: there is no ${entry.model}`);
  const drawer = store.drawer(entry.name);
  const draft = new DraftDrawer(drawer);
  const folder = folderOf(file);
  const notes: string[] = [];
  const note = (words: string): void => void notes.push(words);
  const around = { folder, start: clock.utc(), note, real };
  let wiring: WiringName = "wye";
  const began = { utc: around.start, elapsed: clock.elapsed() };
  const device = make(product, {
    entry,
    ports: entry.listen.filter((use) => isOfMeter(use)),
    folder,
    keyFile: store instanceof MemoryStore ? undefined : withExtension(file, ".key"),
    clock,
    real,
    store: draft,
    source(how) {
      wiring = how.wiring;
      return makeSource(entry.source, { ...around, ...how });
    },
    phases: phasesOf(entry.source),
    refused: (why) => refusals.add({ level: "warn", meter: entry.name, words: `refused a ${why}` }),
  });
  const siteFile = file.replace(/^.*[\\/]/, "");
  const bench = benchOf(entry, device, { wiring, clock, began, siteFile });
  const waveform = {
    source: device.source,
    play: bench === undefined ? playOf(entry.source, { ...around, note: undefined, wiring }) : bench.play.bind(bench),
  };
  const listening = { ...listeningOf(made, device, drawer), waveform };
  return { made, device, listening, drawer, named, notes, bench, take: () => draft.take() };
}

function benchOf(
  { name, source: { synthetic } }: MeterEntry,
  { source, surface }: Device,
  around: Pick<BenchOf, "wiring" | "clock" | "began" | "siteFile">,
): Bench | undefined {
  if (synthetic === undefined || !isChangeable(source)) return undefined;
  return new Bench({ name, entry: synthetic, source, catchUp: () => surface.catchUp(), ...around });
}

/** A meter that is there, and is read: it keeps nothing, and listens nowhere. */
function readMeter(
  made: Entry,
  { entry, read }: { readonly entry: MeterEntry; readonly read: NonNullable<MeterEntry["source"]["read"]> },
  { file, products, clock, real, refusals, lines }: Premises,
  named: Named,
): Installed {
  const device = remoteDevice({
    entry,
    read,
    folder: folderOf(file),
    lines,
    clock,
    real,
    configurations: productOf(entry.model, products)?.configurations,
    tell: (level, words) => refusals.add({ level, meter: entry.name, words }),
  });
  return { made, device, listening: listeningOf(made, device), drawer: undefined, named, notes: [], take() {} };
}

/** What whoever runs the site should know of how it was made. */
export function noticesOf({ device, notes }: Installed): readonly Notice[] {
  const { name } = device.surface.identity;
  return [...device.notices, ...notes].map((words) => ({ level: "warn", meter: name, words }));
}

/** Whose file is wrong is said, where the file does not say it itself. */
function make(product: Product, options: DeviceOptions): Device {
  try {
    return product.make(options);
  } catch (error) {
    if (!(error instanceof Error) || error instanceof FileError) throw error;
    throw new Error(`${options.entry.name}: ${error.message}`, { cause: error });
  }
}

/** The same meter where its entry only listens otherwise than before; undefined where another has to be made. */
export function kept(before: Installed, made: Entry, premises: Premises): Installed | undefined {
  if (before.made.kind !== made.kind) return undefined;
  const [{ listen, ...own }, { listen: other, ...others }] = [made.entry, before.made.entry];
  if (!same(own, others) || !isAsNamed(before.named, namedBy(made, premises, before.named))) return undefined;
  if (same(listen, other)) return before;
  // A product that asks for its ports is made for them.
  const { device, drawer } = before;
  const usesOf = (all: readonly PortUse[]): readonly PortUse[] => all.filter((use) => isOfMeter(use)).map(useOf);
  if (device.ports !== undefined && !same(usesOf(listen), usesOf(other))) return undefined;
  const { waveform } = before.listening;
  return { ...before, made, listening: { ...listeningOf(made, device, drawer), waveform }, take() {} };
}

function useOf({ protocol, transport, port, place }: PortUse): PortUse {
  return { protocol, transport, port, place };
}

/** What the files are that an entry names; what a configuration means is not looked at anew where its text is that of `before`. */
function namedBy(made: Entry, { file, products }: Premises, before?: Named): Named {
  if (made.kind === "device") return {};
  const { configuration, source, model, modelNumber } = made.entry;
  const folder = folderOf(file);
  const recording = source.recording && fileMark(resolvePath(folder, source.recording.file));
  if (configuration === undefined) return { recording };
  const place = resolvePath(folder, configuration);
  const bytes = readFile(place);
  const text = markOf(bytes);
  if (same(text, before?.text)) return { recording, text, meaning: before?.meaning };
  const { configurations } = productOf(model, products) ?? {};
  try {
    const meant = configurations?.read(
      place,
      new TextDecoder().decode(bytes),
      modelNumber ?? configurations.usualOrder,
    );
    return {
      recording,
      text,
      meaning: meant === undefined ? undefined : markOf(new TextEncoder().encode(JSON.stringify(meant))),
    };
  } catch {
    // What is wrong with it says whoever makes a meter of it.
    return { recording, text };
  }
}

function markOf(bytes: Uint8Array): readonly number[] {
  return [bytes.length, crc32(bytes)];
}

/** Whether what was named is the same, or means the same. */
function isAsNamed(before: Named, now: Named): boolean {
  if (!same(before.recording, now.recording)) return false;
  return same(before.text, now.text) || (now.meaning !== undefined && same(before.meaning, now.meaning));
}

/** Where it listens: as its entry says, and where the stream comes that feeds it. */
function listenOf({ kind, entry }: Entry): readonly ListenEntry[] {
  const stream = kind === "meter" ? entry.source.sampledValues : undefined;
  return stream === undefined ? entry.listen : [...entry.listen, followingEntry(stream)];
}

/** What answers of a device on its listeners. */
function listeningOf(made: Entry, device: Device, drawer?: MeterStore): Listening {
  const { surface, bindings, line, lineOn, ports, room, roomInAll, frameTimeoutMs, answerDelayMs, traffic } = device;
  return {
    name: surface.identity.name,
    listen: listenOf(made),
    bindings,
    line,
    lineOn,
    ports,
    room,
    roomInAll,
    frameTimeoutMs,
    answerDelayMs,
    traffic,
    answers: (port, protocol) => surface.answers(port, protocol),
    ...(drawer === undefined ? {} : { ahead: () => drawer.waits, keeps: () => drawer.trouble === undefined }),
  };
}
