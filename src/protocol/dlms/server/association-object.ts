/** IC 15, Association LN, versions 0 and 1 (Blue Book 4.4.3, 5): what an association is, and what can be reached in it. */
import { contexts } from "#protocol/dlms/apdu/association.ts";
import {
  accessOf,
  mayInvoke,
  type AccessMode,
  type Asker,
  type Attribute,
  type CosemObject,
  type Method,
  type Rows,
} from "#protocol/dlms/cosem/object.ts";
import {
  conformanceBits,
  mechanisms,
  type DlmsClient,
  type LogicalDevice,
  type Service,
} from "#protocol/dlms/cosem/logical-device.ts";
import {
  array,
  boolean,
  enumerated,
  integer,
  longUnsigned,
  nullData,
  octets,
  structure,
  unsigned,
  type Data,
} from "#protocol/dlms/data/data.ts";
import { logicalNameBytes, type LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { statusOf, type Association } from "./association.ts";

export const ASSOCIATION_CLASS = 15;
/** The association in which it is asked for. */
export const CURRENT_ASSOCIATION: LogicalName = "0.0.40.0.0.255";
/** reply_to_HLS_authentication. */
export const REPLY_TO_HLS = 1;

/** OBJECT IDENTIFIER joint-iso-ctt(2) country(16) 756 identified-organisation(5) DLMS-UA(8), behind which two numbers stand. */
const DLMS_UA = [0x60, 0x85, 0x74, 0x05, 0x08];
const CONTEXTS = 1;
const MECHANISMS = 2;

const modes: Readonly<Record<AccessMode, number>> = { none: 0, read: 1, write: 2, "read-write": 3 };
const CONFORMANCE_BITS = 24;
const DLMS_VERSION = 6;

/** What the object is about. */
export interface Described {
  readonly logicalName: LogicalName;
  readonly version: 0 | 1;
  readonly device: LogicalDevice;
  readonly client: DlmsClient;
  /** Undefined of a client that is not the one who asks: only its addresses are shown. */
  readonly current: (() => Association | undefined) | undefined;
  /** Name of the client's security setup, where it has one. */
  readonly securitySetup: LogicalName | undefined;
}

/** Members are made as they are sent: 600 objects with all their rights are never there at once. */
function objectList({ directory: { objects } }: Association, version: number, asker: Asker): Rows {
  return { type: "rows", count: objects.length, row: (k) => elementOf(objects[k], version, asker) };
}

function elementOf(object: CosemObject | undefined, version: number, asker: Asker): Data | undefined {
  if (object === undefined) return undefined;
  return structure(
    longUnsigned(object.classId),
    unsigned(object.version),
    octets(logicalNameBytes(object.logicalName)),
    rightsOf(object, version, asker),
  );
}

function rightsOf({ attributes, methods }: CosemObject, version: number, asker: Asker): Data {
  const name = structure(integer(1), enumerated(modes.read), nullData);
  return structure(
    array([name, ...attributes.map((one) => attributeRights(one, asker))]),
    array(methods.map((one) => methodRights(one, version, asker))),
  );
}

function attributeRights(attribute: Attribute, asker: Asker): Data {
  const { id, selectors } = attribute;
  const taken = selectors === undefined ? nullData : array(selectors.map(integer));
  return structure(integer(id), enumerated(modes[accessOf(attribute, asker)]), taken);
}

/** Version 0 says yes or no; version 1 has an enumeration, in which 1 is access. */
function methodRights(method: Method, version: number, asker: Asker): Data {
  const may = mayInvoke(method, asker);
  return structure(integer(method.id), version === 0 ? boolean(may) : enumerated(may ? 1 : 0));
}

function conformanceOf(services: ReadonlySet<Service>): Data {
  const value = Array.from({ length: CONFORMANCE_BITS }, () => false);
  for (const service of services) value[conformanceBits[service]] = true;
  return { type: "bit-string", value };
}

function contextInfo({ conformance, maxReceive, maxSend, qualityOfService }: Association): Data {
  return structure(
    conformanceOf(conformance),
    longUnsigned(maxReceive),
    longUnsigned(maxSend),
    unsigned(DLMS_VERSION),
    integer(qualityOfService ?? 0),
    // cyphering_info would be the dedicated key: it is not shown.
    octets(new Uint8Array(0)),
  );
}

export function associationObject(described: Described): CosemObject {
  const { logicalName, version, device, client, current, securitySetup } = described;
  const association = current;
  /** An attribute of the association in which it is asked for; of others it is not shown. */
  const own = (id: number, name: string, get: (of: Association, asker: Asker) => Data | Rows): Attribute => ({
    id,
    name,
    access: association === undefined ? "none" : "read",
    get: (asker) => {
      const of = association?.();
      return of === undefined ? { denied: "object-unavailable" } : get(of, asker);
    },
  });
  const attributes: Attribute[] = [
    own(2, "object_list", (of, asker) => objectList(of, version, asker)),
    {
      id: 3,
      name: "associated_partners_id",
      get: () => structure(integer(client.sap), longUnsigned(device.sap)),
    },
    own(4, "application_context_name", ({ context }) => octets(Uint8Array.of(...DLMS_UA, CONTEXTS, contexts[context]))),
    own(5, "xDLMS_context_info", contextInfo),
    own(6, "authentication_mechanism_name", ({ mechanism }) =>
      octets(Uint8Array.of(...DLMS_UA, MECHANISMS, mechanisms[mechanism])),
    ),
    { id: 7, name: "secret", access: "none", get: () => ({ denied: "read-write-denied" }) },
    {
      id: 8,
      name: "association_status",
      get: () => {
        const of = association?.();
        return enumerated(of === undefined ? 0 : statusOf(of));
      },
    },
  ];
  if (version === 1) {
    const name = logicalNameBytes(securitySetup ?? "0.0.0.0.0.0");
    attributes.push({ id: 9, name: "security_setup_reference", get: () => octets(name) });
  }
  const authenticates = client.mechanisms.some((one) => mechanisms[one] >= mechanisms.high);
  return {
    classId: ASSOCIATION_CLASS,
    version,
    logicalName,
    attributes,
    // In an association that is open it has been replied already; where it is awaited, who reads APDUs sees to it before.
    methods: authenticates
      ? [
          {
            id: REPLY_TO_HLS,
            name: "reply_to_HLS_authentication",
            access: association !== undefined,
            invoke: () => "temporary-failure",
          },
        ]
      : [],
  };
}
