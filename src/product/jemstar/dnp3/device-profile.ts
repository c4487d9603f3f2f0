/**
 * The device profile of an outstation (IEEE 1815 clause 14.8): what it can do and how it is set up, as XML of the DNP Users Group's schema
 * 2.10. All of it is read from what the outstation itself goes by: its settings, its points, and the table of what it answers. Figures that
 * nobody has measured are left out.
 */
import type { OutstationSettings } from "#protocol/dnp3/outstation/host.ts";
import { implementationTable } from "./implementation-table.ts";
import { database } from "./profile-database.ts";
import { eventClassOf, pointLists, type ProfilePoints } from "./profile-points.ts";
import { fixed, range, ranged, setting, sometimes, value, type Content } from "./profile-settings.ts";
import { xmlText, type Xml } from "./xml.ts";

const VERSION = "2.10.00";
const NAMESPACE = "http://www.dnp3.org/DNP3/DeviceProfile/November2014";

/** The port that the outstation is on. */
export type ProfilePort =
  | {
      readonly kind: "network";
      readonly name: string;
      /** As far as it is known. */
      readonly at: { readonly ip?: string; readonly mask?: string; readonly gateway?: string | undefined };
      /** Undefined where nothing of TCP listens. */
      readonly tcp?: number | undefined;
      /** What listens, of an outstation that runs. */
      readonly over: readonly { readonly over: "tcp" | "tls" | "udp"; readonly number: number }[];
      readonly sessions: number;
    }
  | {
      readonly kind: "serial";
      readonly name: string;
      readonly baud: number;
      readonly parity: string;
      readonly bauds: readonly number[];
    };

export interface ProfileFacts {
  readonly manufacturer: string;
  readonly title: string;
  readonly name: string;
  readonly serial: string;
  readonly modelNumber: string;
  readonly firmware: string;
  readonly port: ProfilePort;
  readonly settings: OutstationSettings;
  readonly points: ProfilePoints;
  readonly timeToleranceSeconds: number;
  readonly allowTimeSet: boolean;
  readonly allowFreeze: boolean;
  /** Whether a master may freeze and clear. */
  readonly allowRegisterPresets: boolean;
}

const carriers = { tcp: "TCP", tls: "TLS (IEC 62351-3), TCP", udp: "UDP" } as const;

function additions({ port, allowTimeSet, allowFreeze, allowRegisterPresets, timeToleranceSeconds }: ProfileFacts): Xml {
  const notes = [
    "Static objects are read with qualifiers 00, 01, 06, 07, 08, 17 and 28; those asked for with 17 or 28 are answered so",
    "Object 30 variation 5; object 23 variations 1, 2, 5 and 6; time by the LAN procedure (object 50 variation 3)",
    allowFreeze ? "A freeze is the meter's register freeze, of all its counters" : "Freezes of masters are not taken",
    allowRegisterPresets
      ? "Freeze and clear gives the registers that counters are 0"
      : "Freeze and clear is not taken: a master does not clear the registers of a revenue meter",
    allowTimeSet
      ? `A written time that is within ${timeToleranceSeconds} s of the clock leaves it alone`
      : "The time of masters is not taken",
    "Secure authentication is not supported; TLS with certificates and roles is (IEC 62351-3)",
    ...(port.kind === "serial"
      ? []
      : port.over.map(({ over, number }) => `It listens over ${carriers[over]} port ${number}`)),
  ];
  return fixed("notableAdditions", ...notes.map((text): Xml => ["notableAddition", text]));
}

function deviceConfig(facts: ProfileFacts): Content {
  const kind: Xml = [facts.port.kind];
  return [
    fixed("deviceFunction", ["outstation"]),
    value("vendorName", facts.manufacturer),
    value("deviceName", facts.title),
    value("hardwareVersion", facts.modelNumber),
    value("softwareVersion", facts.firmware === "" ? "not stated" : facts.firmware),
    value("documentVersionNumber", 1),
    fixed("dnpLevelSupported", ["outStation", [["level2"]]]),
    fixed("supportedFunctionBlocks"),
    additions(facts),
    fixed("configurationMethods", ["other", [["explanation", "The section dnp3 of its configuration file"]]]),
    setting("connectionsSupported", [["serial"], ["network"]], [kind]),
  ];
}

function known(name: string, field: string, text: string | undefined): Xml | undefined {
  return text === undefined ? undefined : [name, [["currentValue", [[field, text]]]]];
}

function connection({ port, settings, allowTimeSet }: ProfileFacts): Xml {
  if (port.kind === "serial")
    return [
      "serialConfig",
      [
        value("portName", port.name),
        fixed(
          "serialParameters",
          ["note", `8 data bits, 1 stop bit, ${port.parity === "none" ? "no" : port.parity} parity`],
          ["asynchronous"],
        ),
        ranged("baudRate", [Math.min(...port.bauds), Math.max(...port.bauds)], port.baud),
        fixed("flowControl", ["none"]),
        fixed("linkStatusInterval", ["notSupported"]),
        fixed("supportsCollisionAvoidance", ["no"]),
        setting(
          "interCharacterTimeout",
          [["rangeMilliseconds", range(10, 60_000)[1]]],
          [["valueMilliseconds", settings.link.interCharacterMs]],
        ),
        fixed("interCharacterGap", ["none"]),
      ],
    ];
  const times: Content = allowTimeSet ? [["dnpLANProcedure"], ["dnpWriteTimeProcedure"]] : [["notSupported"]];
  return [
    "networkConfig",
    [
      value("portName", port.name),
      setting(
        "typeOfEndPoint",
        [["tcpListening"], ["udpDatagram"]],
        [[port.tcp === undefined ? "udpDatagram" : "tcpListening"]],
      ),
      known("ipAddress", "address", port.at.ip),
      known("subnetMask", "mask", port.at.mask),
      known("gatewayIPAddress", "address", port.at.gateway),
      fixed("tcpConnectionEstablishment", ["allowsAll"]),
      port.tcp === undefined ? undefined : ranged("tcpListenPort", [1, 65_535], port.tcp),
      fixed(
        "multipleMasterConnections",
        ["note", `${port.sessions} masters at once, each with events of its own, by IP and link address`],
        ["basedOnIPAddress"],
      ),
      fixed("timeSynchronization", ...times),
    ],
  ];
}

const confirmations = {
  never: ["never"],
  always: ["always"],
  "multi-frame": sometimes("of fragments that take several frames"),
} as const satisfies Record<OutstationSettings["link"]["confirm"], Xml>;

function linkConfig({ address, master, selfAddress, link }: OutstationSettings): Content {
  const confirms = link.confirm !== "never";
  return [
    ranged("dataLinkAddress", [0, 65_519], address),
    setting(
      "sourceAddressValidation",
      [["never"], ["alwaysSingleAddress"]],
      [[master === undefined ? "never" : "alwaysSingleAddress"]],
    ),
    setting(
      "expectedSourceAddress",
      [["anyDataLinkAddress"], range(0, 65_519)],
      [master === undefined ? ["anyDataLinkAddress"] : ["value", master]],
    ),
    setting("selfAddressSupport", [["yes"], ["no"]], [[selfAddress ? "yes" : "no"]]),
    setting("sendsConfirmedUserDataFrames", Object.values(confirmations), [confirmations[link.confirm]]),
    setting("linkLayerConfirmTimeout", [range(10, 60_000)], [confirms ? ["value", link.timeoutMs] : ["none"]]),
    setting("maxDataLinkRetries", [range(0, 255)], [confirms ? ["value", link.retries] : ["none"]]),
    setting("maxTransmittedFrameSize", [["fixed", 292]], [["value", 292]]),
    setting("maxReceivedFrameSize", [["fixed", 292]], [["value", 292]]),
  ];
}

function applConfig({ application }: OutstationSettings): Content {
  const most = application.maxFragment;
  return [
    setting("maxTransmittedFragmentSize", [["fixed", most]], [["value", most]]),
    setting("maxReceivedFragmentSize", [["fixed", most]], [["value", most]]),
    fixed("fragmentTimeout", ["none"]),
    fixed("supportsMixedObjectGroupsInControlRequest", ["notApplicable"]),
  ];
}

function outstationConfig({ application }: OutstationSettings): Content {
  return [
    ranged("applicationLayerConfirmTimeout", [10, 3_600_000], application.confirmTimeoutMs),
    fixed("timeSyncRequired", ["never"]),
    fixed("deviceTroubleBit", ["neverUsed"]),
    fixed("fileHandleTimeout", ["notApplicable"]),
    fixed("eventBufferOverflowBehavior", ["discardOldest"]),
    fixed("eventBufferOrganization", ["perObjectGroup"]),
    fixed("sendsMultiFragmentResponses", ["yes"]),
    fixed("requestsLastFragmentConfirmation", sometimes("when it has events, or answers for a broadcast at 65534")),
    fixed("configurationSignatureSupported", ["notSupported"]),
    fixed("requestsApplicationConfirmation", ["eventResponses", [["yes"]]], ["nonFinalFragments", [["yes"]]]),
  ];
}

function unsolicitedConfig({ unsolicited }: OutstationSettings): Content {
  const supports = setting(
    "supportsUnsolicitedReporting",
    [["configurable"]],
    [[unsolicited === undefined ? "off" : "on"]],
  );
  if (unsolicited === undefined) return [supports];
  return [
    supports,
    ranged("masterDataLinkAddress", [0, 65_519], unsolicited.master),
    ranged("unsolicitedResponseConfirmationTimeout", [100, 3_600_000], unsolicited.confirmTimeoutMs),
    ranged("maxUnsolicitedRetries", [0, 255], unsolicited.retries),
  ];
}

function performance({ needTimeMs }: OutstationSettings): Content {
  const can: Content = [["never"], ["atStartup"], ["afterLastTimeSyncRange", range(1, 8760 * 3600)[1]]];
  if (needTimeMs === undefined) return [setting("outstationSetsIIN14", can, [["never"]])];
  const again = needTimeMs / 1000;
  const now: Content = [["atStartup"], Number.isFinite(again) ? ["afterLastTimeSync", again] : undefined];
  return [setting("outstationSetsIIN14", can, now)];
}

/** The document, without an instant: what is set up alike has the same text. */
export function deviceProfile(facts: ProfileFacts): string {
  const { settings, points } = facts;
  const classes = {
    counter: settings.class0 !== "frozen",
    frozen: settings.class0 !== "running",
    events: {
      binary: eventClassOf(settings.events.binary),
      counter: eventClassOf(settings.events.counter),
      frozen: eventClassOf(settings.events.frozen),
      analog: eventClassOf(settings.events.analog),
    },
  };
  const root: Xml = [
    "DNP3DeviceProfileDocument",
    [
      [
        "documentHeader",
        [
          ["documentName", `${facts.title} ${facts.name}, ${facts.port.name}`],
          [
            "documentDescription",
            `Made of its configuration${facts.serial === "" ? "" : ` of serial number ${facts.serial}`}`,
          ],
        ],
      ],
      [
        "referenceDevice",
        [
          [
            "configuration",
            [
              ["deviceConfig", deviceConfig(facts)],
              connection(facts),
              ["linkConfig", linkConfig(settings)],
              ["applConfig", applConfig(settings)],
              ["outstationConfig", outstationConfig(settings)],
              ["unsolicitedConfig", unsolicitedConfig(settings)],
              ["outstationPerformance", performance(settings)],
              ["securityConfig", [fixed("secureAuthenticationSupported", ["notSupported"])]],
            ],
          ],
          ["database", database(facts)],
          ["implementationTable", [["table", implementationTable(facts)]]],
          ["dataPointsList", pointLists(points, classes)],
        ],
      ],
    ],
  ];
  return `<?xml version="1.0" encoding="UTF-8"?>\n${xmlText(root, { schemaVersion: VERSION, xmlns: NAMESPACE })}`;
}
