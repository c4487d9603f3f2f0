/** Push setup: what is sent by itself, to whom, and how often that is tried (Blue Book 4.4.8.2, class_id 40, version 0). */
import { array, enumerated, longUnsigned, structure, unsigned, type Data } from "#protocol/dlms/data/data.ts";
import type { LogicalName } from "#protocol/dlms/data/logical-name.ts";
import { captureObject, captureObjectOf, type CaptureObject } from "./capture-object.ts";
import { readAttribute } from "./data.ts";
import type { AccessMode, AccessResult, ActionResult, Asker, Attribute, CosemObject } from "./object.ts";
import { dateTimeData, noDateTime, textOctets } from "./octet-data.ts";
import { membersOf, wholeOf } from "./read-data.ts";

/** transport_service_type; HDLC is 5. */
export const pushServices = { tcp: 0, udp: 1, "hdlc-over-tcp": 5 } as const;

/** A stretch of every day, by hours and minutes of local time. */
export interface DailyWindow {
  readonly from: { readonly hour: number; readonly minute: number };
  readonly to: { readonly hour: number; readonly minute: number };
}

/** What of a setup a client may set. */
export interface PushChange {
  readonly objects: readonly CaptureObject[];
  readonly service: keyof typeof pushServices;
  /** "192.0.2.7:4059". */
  readonly destination: string;
  /** Seconds by which it is delayed at random at most. */
  readonly randomSeconds: number;
  readonly retries: number;
  readonly repetitionSeconds: number;
}

export interface PushSetup extends PushChange {
  /** Empty where it may be sent at any time. */
  readonly windows: readonly DailyWindow[];
  readonly may?: ((asker: Asker) => boolean) | undefined;
  /** Left out where nobody may push by asking. */
  readonly push?: ((asker: Asker) => ActionResult) | undefined;
  /** How it is changed; left out where it cannot be. */
  readonly change?:
    | {
        readonly may: (asker: Asker) => boolean;
        readonly set: (asker: Asker, change: Partial<PushChange>) => AccessResult;
      }
    | undefined;
}

/** Messages are A-XDR encoded xDLMS APDUs. */
const XDLMS = 0;

function windowData({ from, to }: DailyWindow): Data {
  const at = (time: DailyWindow["from"]): Data => dateTimeData({ ...noDateTime, ...time, second: 0, hundredths: 0 });
  return structure(at(from), at(to));
}

const services = Object.entries(pushServices) as [keyof typeof pushServices, number][];

function destinationOf(data: Data): Partial<PushChange> | undefined {
  const [transport, destination, message] = membersOf(data, 3) ?? [];
  const service = services.find(([, number]) => transport?.type === "enum" && transport.value === number)?.[0];
  if (service === undefined || destination?.type !== "octet-string" || destination.value.length > 300) return undefined;
  if (message?.type !== "enum" || message.value !== XDLMS) return undefined;
  return { service, destination: String.fromCharCode(...destination.value) };
}

function objectsOf(data: Data): Partial<PushChange> | undefined {
  const objects = data.type === "array" && data.value.length <= MOST ? data.value.map(captureObjectOf) : [undefined];
  const found = objects.filter((one) => one !== undefined);
  return found.length < objects.length ? undefined : { objects: found };
}

/** Objects of one setup that are set at once. */
const MOST = 64;

function numberOf(key: "randomSeconds" | "retries" | "repetitionSeconds") {
  return (data: Data): Partial<PushChange> | undefined => {
    const value = wholeOf(data);
    return value === undefined ? undefined : { [key]: value };
  };
}

/** What each attribute takes. */
const takes: Readonly<Partial<Record<number, (data: Data) => Partial<PushChange> | undefined>>> = {
  2: objectsOf,
  3: destinationOf,
  5: numberOf("randomSeconds"),
  6: numberOf("retries"),
  7: numberOf("repetitionSeconds"),
};

export function pushSetup(logicalName: LogicalName, setup: PushSetup): CosemObject {
  const { objects, service, destination, windows, randomSeconds, retries, repetitionSeconds } = setup;
  const { may, push, change } = setup;
  const attribute = (id: number, name: string, get: () => Data): Attribute => {
    const take = takes[id];
    if (change === undefined || take === undefined) return readAttribute(id, name, get);
    const access = (asker: Asker): AccessMode => (change.may(asker) ? "read-write" : "read");
    const set = (asker: Asker, value: Data): AccessResult => {
      const taken = take(value);
      return taken === undefined ? "type-unmatched" : change.set(asker, taken);
    };
    return readAttribute(id, name, get, { access, set });
  };
  return {
    classId: 40,
    version: 0,
    logicalName,
    attributes: [
      attribute(2, "push_object_list", () => array(objects.map(captureObject))),
      attribute(3, "send_destination_and_method", () =>
        structure(enumerated(pushServices[service]), textOctets(destination), enumerated(XDLMS)),
      ),
      attribute(4, "communication_window", () => array(windows.map(windowData))),
      attribute(5, "randomisation_start_interval", () => longUnsigned(randomSeconds)),
      attribute(6, "number_of_retries", () => unsigned(retries)),
      attribute(7, "repetition_delay", () => longUnsigned(repetitionSeconds)),
    ],
    methods:
      push === undefined ? [] : [{ id: 1, name: "push", invoke: push, ...(may === undefined ? {} : { access: may }) }],
  };
}
