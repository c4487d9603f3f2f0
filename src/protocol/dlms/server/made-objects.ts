/** Objects that a server has beside its meter's: associations, the list of logical devices, and the name of the one that is asked. */
import type { Asker, CosemObject } from "#protocol/dlms/cosem/object.ts";
import type { ClientSecurity, DlmsClient, DlmsHost, LogicalDevice } from "#protocol/dlms/cosem/logical-device.ts";
import { array, longUnsigned, octets, structure, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import {
  invocationCounter,
  invocationCounterName,
  securitySetup,
  securitySetupName,
} from "#protocol/dlms/security/security-setup.ts";
import { associationObject, CURRENT_ASSOCIATION } from "./association-object.ts";
import type { Association } from "./association.ts";

const DATA_CLASS = 1;
const SAP_ASSIGNMENT_CLASS = 17;
/** One of each in a logical device (Blue Book 6.2: "COSEM logical device name", "SAP assignment"). */
const LOGICAL_DEVICE_NAME: LogicalName = "0.0.42.0.0.255";
const SAP_ASSIGNMENT: LogicalName = "0.0.41.0.0.255";
/** The management logical device, which alone says which others there are. */
const MANAGEMENT = 1;

/** The association of a client, by its place in the list of clients: 0.0.40.0.1.255 is the first one's. */
export function associationName({ clients }: LogicalDevice, client: DlmsClient): LogicalName {
  return client.association ?? `0.0.40.0.${clients.indexOf(client) + 1}.255`;
}

function nameOf({ name }: LogicalDevice): Data {
  return octets(Uint8Array.from(name, (letter) => letter.charCodeAt(0)));
}

function deviceName(device: LogicalDevice): CosemObject {
  const value = nameOf(device);
  return {
    classId: DATA_CLASS,
    version: 0,
    logicalName: LOGICAL_DEVICE_NAME,
    attributes: [{ id: 2, name: "value", get: () => value }],
    methods: [],
  };
}

function sapAssignment({ logicalDevices }: DlmsHost): CosemObject {
  const list = array(logicalDevices.map((one) => structure(longUnsigned(one.sap), nameOf(one))));
  return {
    classId: SAP_ASSIGNMENT_CLASS,
    version: 0,
    logicalName: SAP_ASSIGNMENT,
    attributes: [{ id: 2, name: "SAP_assignment_list", get: () => list }],
    methods: [],
  };
}

/** What stands in every logical device, whoever asks. */
export function deviceObjects(host: DlmsHost, device: LogicalDevice): readonly CosemObject[] {
  const objects = [deviceName(device)];
  if (device.sap === MANAGEMENT || host.logicalDevices.length === 1) objects.push(sapAssignment(host));
  // Whoever is to send protected messages asks before, as a client without keys, which counter is due.
  for (const [k, { security }] of withKeys(device).entries())
    objects.push(invocationCounter(invocationCounterName(k), security));
  return objects;
}

type KeyClient = DlmsClient & { readonly security: ClientSecurity };

/** Clients that have keys, in the order in which their setups are numbered. */
function withKeys({ clients }: LogicalDevice): readonly KeyClient[] {
  return clients.filter((one): one is KeyClient => one.security !== undefined);
}

function setupName(device: LogicalDevice, client: DlmsClient): LogicalName | undefined {
  const number = withKeys(device).findIndex((one) => one === client);
  return number < 0 ? undefined : securitySetupName(number);
}

/** Associations as one client sees them: the one in which it asks, under both its names, and the addresses of the others. */
export function associationObjects(
  host: DlmsHost,
  device: LogicalDevice,
  client: DlmsClient,
  current: () => Association | undefined,
): readonly CosemObject[] {
  const version = host.settings.associationVersion ?? 0;
  const of = (one: DlmsClient, logicalName: LogicalName): CosemObject =>
    associationObject({
      logicalName,
      version,
      device,
      client: one,
      current: one === client ? current : undefined,
      securitySetup: setupName(device, one),
    });
  return [
    of(client, CURRENT_ASSOCIATION),
    ...device.clients.map((one) => of(one, associationName(device, one))),
    ...ownSetup(device, client, current),
  ];
}

/** Keys are set by the client whose they are, when it has shown who it is. */
function ownSetup(
  device: LogicalDevice,
  client: DlmsClient,
  current: () => Association | undefined,
): readonly CosemObject[] {
  const { security, sap } = client;
  const logicalName = setupName(device, client);
  if (security === undefined || logicalName === undefined) return [];
  const setup = {
    logicalName,
    security,
    serverTitle: device.systemTitle,
    clientTitle: () => current()?.protection?.party.peer,
    mayInvoke: (asker: Asker) => asker.client === sap && asker.session.user !== undefined,
  };
  return [securitySetup(setup)];
}
