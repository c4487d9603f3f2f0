/** The pushes of a meter over DLMS: by its configuration, objects, keys and log. */
import type { Clock } from "#clock/clock.ts";
import { pushProblems } from "#product/jemstar/dlms/push-body.ts";
import type { DlmsHost, LogicalDevice } from "#protocol/dlms/cosem/logical-device.ts";
import type { MeterSurface } from "#quantity/meter-surface.ts";
import { DlmsPush } from "./dlms-push.ts";
import type { JemStar } from "./jemstar.ts";

/** The port that is named as what pushes come by: whichever of Ethernet it is, the head-end sees the site's. */
export const PUSH_PORT = "ethernet 1";
const ETHERNET = [PUSH_PORT, "ethernet 2"];
/** From which everything is pushed. */
function managementOf({ logicalDevices }: DlmsHost): LogicalDevice | undefined {
  return logicalDevices.find(({ sap }) => sap === 1);
}

/** What it sends by itself over DLMS, where that was ordered and a port of Ethernet has it. */
export function pushOf(jemstar: JemStar, surface: MeterSurface, host: DlmsHost, real: Clock): DlmsPush {
  return new DlmsPush({
    surface,
    settings: () => (jemstar.ordered.options.has("DLMS") ? jemstar.file.dlms.push : []),
    timekeeping: () => jemstar.file.timekeeping,
    objects: () => managementOf(host)?.objects ?? [],
    client(sap) {
      const device = managementOf(host);
      const found = device?.clients.find((one) => one.sap === sap);
      return device && found && { ...found, systemTitle: device.systemTitle };
    },
    works: () => ETHERNET.some((port) => surface.answers(port, "dlms")),
    real,
    say: (what) => void jemstar.meter.log.add("event", what, { by: "automatic" }),
  });
}

/** What of its pushes comes to nothing. */
export function pushNotices({ ordered, file }: JemStar, host: DlmsHost): readonly string[] {
  const { push } = file.dlms;
  if (push.length === 0) return [];
  if (!ordered.options.has("DLMS")) return ["dlms.push: it was ordered without option DLMS, and pushes nothing"];
  return pushProblems(push, managementOf(host)?.objects ?? []);
}
