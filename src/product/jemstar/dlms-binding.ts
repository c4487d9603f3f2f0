/** DLMS/COSEM on a JEMStar II (Appendix D): its objects by its surface, its clients by its configuration. */
import { appendixObjects } from "#product/jemstar/dlms/objects.ts";
import { clientsOf, type DlmsMeans } from "#product/jemstar/dlms/clients.ts";
import { beyondObjects, type BeyondMeans } from "#product/jemstar/dlms/beyond.ts";
import {
  fullServices,
  manualServices,
  type DlmsConfiguration,
  type LogicalDeviceSettings,
} from "#product/jemstar/dlms/configuration.ts";
import type { CosemObject } from "#protocol/dlms/cosem/object.ts";
import { deviceNameOf, systemTitleOf } from "#product/jemstar/dlms/identity.ts";
import { shownOf, type Shown } from "#product/jemstar/dlms/shown.ts";
import type { DlmsHost, DlmsSettings, LogicalDevice, Service } from "#protocol/dlms/cosem/logical-device.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";

/** The station's address on its port, and how long the rest of a frame is waited for there. */
export interface DlmsLine {
  readonly address: number;
  readonly rxTimeoutMs: number;
}

export interface DlmsHostMeans extends DlmsMeans {
  /** What objects beyond Appendix D stand on, of the meter whatever port they are seen through. */
  readonly beyond?: Omit<BeyondMeans, "taken"> | undefined;
  /** By the configuration of the moment. */
  readonly line: () => DlmsLine;
}

interface Made {
  readonly epoch: number;
  readonly settings: DlmsSettings;
  readonly logicalDevices: readonly LogicalDevice[];
}

/** `port` is the meter's, by name. */
export function dlmsHost(surface: MeterSurface, port: string, means: DlmsHostMeans): DlmsHost {
  let made: Made | undefined;
  const now = (): Made => {
    if (made?.epoch !== surface.epoch) made = makeOf(surface, means);
    return made;
  };
  return {
    // A meter that starts again knows nobody.
    get epoch() {
      return surface.epoch + surface.log("powerOutage").next;
    },
    get settings() {
      return now().settings;
    },
    get logicalDevices() {
      return now().logicalDevices;
    },
    answers: () => surface.answers(port, "dlms"),
    leave: (session) => surface.leave(session),
    whenOver: (session, run) => surface.whenOver(session, run),
  };
}

function makeOf(surface: MeterSurface, means: DlmsHostMeans): Made {
  const shown = shownOf(surface);
  const { dlms } = shown.configuration;
  const clients = clientsOf(surface, dlms.clients, means);
  const systemTitle = systemTitleOf(surface, dlms);
  const logicalDevices = dlms.logicalDevices.map(({ sap, name, shows }) => ({
    sap,
    name: name ?? deviceNameOf(surface, sap),
    systemTitle,
    objects: objectsOf(shown, { sap, shows }, means),
    clients,
  }));
  return { epoch: surface.epoch, settings: settingsOf(dlms, means.line()), logicalDevices };
}

/** What head-ends expect besides is the management logical device's. */
function objectsOf(
  shown: Shown,
  { sap, shows }: Pick<LogicalDeviceSettings, "sap" | "shows">,
  { beyond }: Pick<DlmsHostMeans, "beyond">,
): readonly CosemObject[] {
  const own = appendixObjects(shown, shows);
  if (sap !== 1) return own;
  const { surface, configuration } = shown;
  const taken = new Set(own.map(({ logicalName }) => logicalName));
  return [...own, ...beyondObjects(surface, configuration, { taken, ...beyond })];
}

function settingsOf(
  { conformance, maxPdu, associationVersion, severalDevices, hdlc }: DlmsConfiguration,
  { address, rxTimeoutMs }: DlmsLine,
): DlmsSettings {
  const { inactivitySeconds, ...frames } = hdlc;
  return {
    conformance: servicesOf(conformance),
    maxPdu,
    associationVersion,
    severalDevices,
    hdlc: { ...frames, physical: address, inactivityMs: inactivitySeconds * 1000, interFrameMs: rxTimeoutMs },
  };
}

function servicesOf(conformance: DlmsConfiguration["conformance"]): ReadonlySet<Service> {
  return new Set<Service>(
    conformance === "manual" ? manualServices : conformance === "full" ? fullServices : conformance,
  );
}
