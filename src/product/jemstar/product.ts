/** The AMETEK JEMStar II: a meter that is set up by a configuration file, and ordered by a model number. */
import type { Clock } from "#clock/clock.ts";
import { SystemClock } from "#clock/system-clock.ts";
import { revenueModelNamed, revenueModels } from "#model/catalogue.ts";
import { PASSWORD } from "#product/jemstar/iec102/configuration.ts";
import { MeterSecurity, unusedSecrets } from "#product/jemstar/dlms/client-security.ts";
import type { Change } from "#quantity/meter-surface.ts";
import { snmpBinding } from "#product/snmp-binding.ts";
import { addressesOf, listsOf, modbusPoints } from "#product/points.ts";
import type { Device, DeviceOptions, MeterEntry, Product } from "#product/product.ts";
import { PointUnit } from "#protocol/modbus/point-unit.ts";
import { WaitingCalendar } from "#protocol/dlms/cosem/activity-calendar.ts";
import { A_DAY } from "#revenue/people/security-log.ts";
import { hasPowerQuality } from "#revenue/settings/model-number.ts";
import {
  answerDelayOn,
  dlmsLineOn,
  dnp3AddressOn,
  ETHERNET_SESSIONS,
  hasProtocol,
  iec102LineOf,
  sessionsOn,
} from "./communications.ts";
import { CommunicatedSource } from "./communicated-source.ts";
import { configurations } from "./configurations.ts";
import { unlistedChannels } from "./configuration-checks-dlms.ts";
import { iec102Notices } from "./iec102-notices.ts";
import { iec61850Notices } from "./iec61850-notices.ts";
import { iec102Host, type Iec102Means } from "./iec102-binding.ts";
import { isSame } from "#io/ciphers.ts";
import { PASSWORD as IEC61850_PASSWORD } from "#product/jemstar/iec61850/configuration.ts";
import { MeterIed } from "#product/jemstar/iec61850/meter-ied.ts";
import { iec61850Host, type Iec61850Means } from "./iec61850-binding.ts";
import { withScl } from "#product/jemstar/iec61850/scl-shelf.ts";
import type { FileShelf } from "#quantity/file-shelf.ts";
import { sclFile } from "./iec61850-file.ts";
import { modelFactsOf } from "./iec61850-model.ts";
import { reportsOn } from "./iec61850-reports.ts";
import { imageTransferOf } from "./dlms/beyond-image.ts";
import { dlmsHost, type DlmsHostMeans } from "./dlms-binding.ts";
import { dnp3Host } from "./dnp3-binding.ts";
import { JemStar } from "./jemstar.ts";
import { modbusLists } from "./modbus-binding.ts";
import { PUSH_PORT, pushNotices, pushOf } from "./dlms-push-of-meter.ts";
import { originOf } from "#product/origin.ts";
import { instrumentOf, keptInstrument } from "./quality-instrument.ts";
import { recordings, type Shared } from "./recordings.ts";
import { fileDoor, sftpHost } from "./file-binding.ts";
import { hostKey } from "./host-key.ts";
import { JemStarSurface } from "./surface.ts";

export interface JemStarDevice extends Device {
  readonly surface: JemStarSurface;
  readonly jemstar: JemStar;
}

/** What a listener takes where the configuration says nothing of its port (Appendix A). */
const LINE = { address: 1, baud: 9600, parity: 0 };

function check(entry: MeterEntry): readonly string[] {
  const problems: string[] = [];
  if (Object.keys(entry.settings).length > 0)
    problems.push(`settings: ${entry.model} is set up by its configuration file (configuration: FILE)`);
  if (entry.resetSystem !== undefined) problems.push(`resetSystem: ${entry.model} has none`);
  return problems;
}

/** Throws an Error that says what is wrong with the model number or the configuration. */
function make(options: DeviceOptions): JemStarDevice {
  const model = revenueModelNamed(options.entry.model);
  if (model === undefined) throw new Error(`model: there is no ${options.entry.model}`);
  const shared: Shared = { urms: undefined };
  const quality = keptInstrument(instrumentOf(shared));
  return deviceOf(new JemStar({ ...options, model, quality, recording: recordings(shared) }), options.real);
}

/** Power quality that was ordered and has nothing to be measured of. */
function unsampled({ ordered, source, modelNumber }: JemStar): readonly string[] {
  if (!hasPowerQuality(ordered) || source.kind === "samples") return [];
  return [
    `measures no power quality, which ${modelNumber} has: its source gives no samples (of a synthetic one: steps: false)`,
  ];
}

/** Of a meter that speaks DLMS: secrets that are of no use, passwords of nobody, and what a profile records that has no name there. */
function dlmsNotices({ speaksDlms, file, secrets }: JemStar): readonly string[] {
  if (!speaksDlms) return [];
  const isUser = (name: string): boolean => file.users.some((one) => one.name === name);
  return [
    ...file.dlms.clients.flatMap((client) => unusedSecrets(client, secrets)),
    ...file.dlms.clients.flatMap(({ sap, user }) =>
      user === undefined || isUser(user)
        ? []
        : [`DLMS client ${sap} is ${user}, who is no user: nobody is let in there by a password`],
    ),
    ...unlistedChannels(file).map((what) => `${what}, and is left out over DLMS`),
  ];
}

function iec102Means(jemstar: JemStar, port: string): Iec102Means {
  return {
    line: () => iec102LineOf(jemstar.file.communications, port),
    password: () => jemstar.secrets.mark(PASSWORD),
    utc: () => jemstar.timeServed().utc,
    left: (peer) => jemstar.securityLog.note("logged out", originOf(peer, PASSWORD), { who: PASSWORD, aDay: A_DAY }),
  };
}

/** The meters that this one reads. */
function othersOf(jemstar: JemStar, real: Clock): CommunicatedSource {
  return new CommunicatedSource({
    real,
    channels: () => jemstar.file.communicated,
    epoch: () => jemstar.epoch,
    works: () => jemstar.meter.powered,
    take(channel, raw) {
      jemstar.catchUp();
      jemstar.meter.communicated(channel, raw);
    },
  });
}

/** Its CID lies beside what it recorded. */
function shelfWithScl(jemstar: JemStar, surface: JemStarSurface): FileShelf {
  return withScl({
    shelf: () => jemstar.files.shelf,
    name: () => jemstar.file.iec61850.name,
    epoch: () => jemstar.epoch,
    text: () => sclFile(jemstar.file, jemstar.ordered, surface.identity, "cid"),
    now: () => surface.now(),
  });
}

function onceOn(surface: JemStarSurface, change: Change, run: () => void): void {
  const forget = surface.on(change, () => {
    forget();
    run();
  });
}

const people = new SystemClock();

/** A meter with its surface and its bindings. */
export function deviceOf(jemstar: JemStar, real: Clock = people): JemStarDevice {
  const surface = new JemStarSurface(jemstar);
  const { ports } = jemstar;
  const lists = listsOf(surface, modbusLists);
  const security = new MeterSecurity({
    store: jemstar.store,
    secrets: jemstar.secrets,
    obey: (command, session) => surface.obey(command, session),
    later: (run) => onceOn(surface, "cycle", run),
  });
  const beyond = {
    push: (place: number) => push.push(place),
    image: imageTransferOf(surface),
    calendar: new WaitingCalendar(),
  };
  const means = (port: string): DlmsHostMeans => ({
    secret: (name) => jemstar.secrets.secret(name),
    security: (client) => security.of(client),
    line: () => dlmsLineOn(jemstar.file.communications, port),
    beyond,
  });
  const { store, secrets } = jemstar;
  const iec61850: Iec61850Means = {
    ied: new MeterIed(surface, {
      facts: () => modelFactsOf(jemstar.file, jemstar.ordered, surface.identity),
      recorded: () => jemstar.files.shelf.list(),
      utc: () => jemstar.timeServed().utc,
      inputs: (run) => jemstar.inputs.on(run),
    }),
    password: () => secrets.mark(IEC61850_PASSWORD),
    isSame,
    erasures: () => secrets.erasures,
    reports: (port) => reportsOn(store, port),
  };
  if (jemstar.ordered.options.has("IEC")) surface.shelf = shelfWithScl(jemstar, surface);
  const snmp = snmpBinding({ surface, store, real, secret: (name) => secrets.secret(name) });
  const pushed = dlmsHost(surface, PUSH_PORT, means(PUSH_PORT));
  const push = pushOf(jemstar, surface, pushed, real);
  const others = othersOf(jemstar, real);
  surface.on("cycle", () => others.look());
  const unit = (port: string): PointUnit => {
    const session = surface.open({ protocol: "modbus", port, near: false });
    return new PointUnit(modbusPoints(surface, lists, session), addressesOf(lists));
  };
  return {
    jemstar,
    surface,
    source: jemstar.source,
    bindings: {
      modbus: ({ port, face }) => (face === undefined ? unit(port) : undefined),
      dlms: ({ port }) =>
        hasProtocol(jemstar.ordered, port, "dlms") ? dlmsHost(surface, port, means(port)) : undefined,
      dnp3: ({ port }) =>
        hasProtocol(jemstar.ordered, port, "dnp3")
          ? dnp3Host(surface, port, {
              utc: () => jemstar.timeServed().utc,
              elapsed: () => jemstar.timeServed().elapsed,
              address: () => dnp3AddressOn(jemstar.file.communications, port),
              marks: () => jemstar.masterMarks,
              presettable: (register) => jemstar.meter.registers.presettable(register),
            })
          : undefined,
      iec102: ({ port }) =>
        hasProtocol(jemstar.ordered, port, "iec102")
          ? iec102Host(surface, port, iec102Means(jemstar, port))
          : undefined,
      iec61850: ({ port }) =>
        hasProtocol(jemstar.ordered, port, "mms") ? iec61850Host(surface, port, iec61850) : undefined,
      snmp: ({ port }) => snmp.host(port),
      sntp: () => ({ now: () => jemstar.timeServed() }),
      sftp: ({ port }) => sftpHost(surface, port, () => hostKey(jemstar, port)),
      ftp: ({ port }) => fileDoor(surface, "ftp", port),
    },
    notices: [
      ...jemstar.notices,
      ...unsampled(jemstar),
      ...dlmsNotices(jemstar),
      ...iec102Notices(jemstar),
      ...iec61850Notices(jemstar),
      ...pushNotices(jemstar, pushed),
    ],
    line: LINE,
    get isSpent() {
      return jemstar.rebooting;
    },
    lineOn: (port, protocol) => ports.line(port, protocol),
    ports: ports.names,
    room: (protocol, port) => (protocol === "mms" ? jemstar.file.iec61850.clients : sessionsOn(port, protocol)),
    roomInAll: (port) => (port.startsWith("ethernet") ? ETHERNET_SESSIONS : undefined),
    frameTimeoutMs: () => jemstar.file.modbus.frameTimeoutMs,
    answerDelayMs: (port) => answerDelayOn(jemstar.file.communications, port),
    traffic: (port, protocol) => ports.traffic(port, protocol),
    advance: (elapsed) => surface.advance(elapsed),
    start(kept) {
      jemstar.start();
      push.start(kept);
      snmp.start(kept);
      others.start();
    },
    stop(isReplaced) {
      push.stop();
      others.stop();
      security.settle();
      jemstar.stop(isReplaced);
    },
  };
}

export const jemstarMeters: Product = {
  models: revenueModels,
  protocols: ["modbus", "dlms", "dnp3", "iec102", "mms", "goose", "snmp", "sntp", "sftp", "ftp"],
  configurations,
  // It is the port's, in the configuration.
  address: () => undefined,
  check,
  make,
};
