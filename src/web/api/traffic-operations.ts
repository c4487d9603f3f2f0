/** What passes between peers and meters: rows of the table of operations. Bytes and captures are the owner's: secrets are in them. */
import { everythingNew, operation } from "./operation.ts";
import {
  captureQuery,
  trafficDetailQuery,
  trafficDetailSchema,
  trafficLiveQuery,
  trafficQuery,
  trafficSchema,
} from "./traffic-schemas.ts";
import { beatSchema } from "./site-schemas.ts";

export const trafficOperations = {
  readTraffic: operation({
    method: "GET",
    path: "/api/v1/traffic",
    takes: "operator",
    tells: everythingNew,
    does: "messages between peers and meters, decoded; they are kept from the first look on",
    query: trafficQuery,
    answer: trafficSchema,
  }),
  followTraffic: operation({
    method: "GET",
    path: "/api/v1/traffic/live",
    takes: "operator",
    tells: everythingNew,
    does: "the same as server-sent events, as they pass",
    query: trafficLiveQuery,
    headers: { "Last-Event-ID": "the id of the last event: messages behind it come first" },
    answer: {
      media: "text/event-stream",
      says: "message with those that have passed, so many at once; beat once a second says that the site lives",
      events: { message: trafficSchema, beat: beatSchema },
    },
    refuses: [503],
    stream: true,
  }),
  readTrafficMessage: operation({
    method: "GET",
    path: "/api/v1/traffic/messages/:message",
    takes: "operator",
    tells: everythingNew,
    does: "one message, field by field, to an owner with its bytes",
    query: trafficDetailQuery,
    answer: trafficDetailSchema,
  }),
  captureTraffic: operation({
    method: "GET",
    path: "/api/v1/traffic.pcapng",
    takes: "owner",
    tells: everythingNew,
    does: "all that is kept of what has passed, as a capture for Wireshark",
    query: captureQuery,
    answer: {
      media: "application/x-pcapng",
      says: "pcapng, with packets of TCP and UDP made around what went over them",
    },
  }),
};
