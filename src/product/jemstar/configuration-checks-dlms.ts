/** What no schema can say of DLMS: who its clients are, and that what a profile records has a name in Table 2 of Appendix D. */
import { profileCode } from "#product/jemstar/dlms/profile-codes.ts";
import { measureName } from "#quantity/measure-name.ts";
import type { Ordered } from "#revenue/settings/model-number.ts";
import type { RevenueFile } from "./configuration-schema.ts";

export function checkDlms(file: RevenueFile, ordered: Ordered): string[] {
  return [
    ...checkProfiles(file, ordered),
    ...checkServices(file),
    ...checkClients(file),
    ...checkDevices(file),
    ...checkSuites(file),
  ];
}

/** A field without room for an association: an AARE with a challenge has about a hundred bytes, one without forty-three. */
const LEAST_FIELD = 64;

function checkServices({ dlms: { conformance, hdlc } }: RevenueFile): string[] {
  const problems: string[] = [];
  const asks = (one: string): boolean => one === "get" || one === "set" || one === "action";
  if (typeof conformance !== "string" && !conformance.some(asks))
    problems.push("dlms.conformance: expected get, set or action among them; nothing is done by the others alone");
  for (const key of ["maxInfoTransmit", "maxInfoReceive"] as const)
    if (!hdlc.segmentation && hdlc[key] < LEAST_FIELD)
      problems.push(
        `dlms.hdlc.${key}: expected ${LEAST_FIELD} at least without segmentation, as an association has no room in ${hdlc[key]}`,
      );
  return problems;
}

function checkClients({ dlms: { clients } }: RevenueFile): string[] {
  const problems: string[] = [];
  clients.forEach(({ sap, authentication, user }, k) => {
    const at = `dlms.clients[${k}]`;
    if (clients.findIndex((one) => one.sap === sap) < k) problems.push(`${at}.sap: another client has ${sap}`);
    if (new Set(authentication).size < authentication.length)
      problems.push(`${at}.authentication: expected each mechanism once`);
    if (authentication.includes("low") && user === undefined)
      problems.push(`${at}.user: low-level security takes the password of a user: expected the name of one`);
  });
  return problems;
}

function checkDevices({ dlms: { logicalDevices } }: RevenueFile): string[] {
  const problems: string[] = [];
  if (!logicalDevices.some(({ sap }) => sap === 1))
    problems.push("dlms.logicalDevices: expected the management logical device among them, whose sap is 1");
  logicalDevices.forEach(({ sap, name }, k) => {
    const before = logicalDevices.slice(0, k);
    if (before.some((one) => one.sap === sap)) problems.push(`dlms.logicalDevices[${k}].sap: another has ${sap}`);
    if (name !== undefined && before.some((one) => one.name === name))
      problems.push(`dlms.logicalDevices[${k}].name: another has ${name}`);
  });
  return problems;
}

/** Keys of elliptic curves are of the suites 1 and 2, and nothing can be asked of messages that are not ciphered. */
function checkSuites({ dlms: { clients } }: RevenueFile): string[] {
  const problems: string[] = [];
  clients.forEach(({ authentication, ciphering, suite, policy }, k) => {
    const at = `dlms.clients[${k}]`;
    const signs = authentication.includes("high-ecdsa") || policy.some((one) => one.startsWith("signed"));
    if (signs && suite === 0) problems.push(`${at}.suite: signatures are of suites 1 and 2; found 0`);
    if (policy.length > 0 && ciphering === "no")
      problems.push(`${at}.policy: expected none of a client that is not ciphered (ciphering: may or must)`);
  });
  return problems;
}

/** Channels of load profiles that Table 2 of Appendix D has not; a line each. */
export function unlistedChannels({ profiles }: RevenueFile): readonly string[] {
  return profiles.flatMap(({ channels }, p) =>
    channels.flatMap(({ measure }, k) =>
      profileCode(measure) === undefined
        ? [`profiles[${p}].channels[${k}].measure: ${measureName(measure)} is not in Table 2 of DLMS`]
        : [],
    ),
  );
}

/** "The Load Profile setup in the meter must not include any measurements outside of this list", where the meter is set up to speak DLMS. */
function checkProfiles(file: RevenueFile, { options }: Ordered): readonly string[] {
  const { optical, port3, port4, ethernet1, ethernet2 } = file.communications;
  const speaks =
    [optical, port3, port4].some((port) => port?.protocol === "dlms") ||
    [ethernet1, ethernet2].some((port) => port?.dlms.use === "enabled");
  return options.has("DLMS") && speaks ? unlistedChannels(file) : [];
}
