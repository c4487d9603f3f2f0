/** Changing what the site has: rows of the table of operations, all of them the owner's. */
import { limits } from "#quantity/limits.ts";
import {
  additionsSchema,
  checkQuery,
  meterChange,
  meterEntry,
  scanAsked,
  scanSchema,
  siteEditSchema,
} from "./edit-schemas.ts";
import { operation } from "./operation.ts";
import { beatSchema, okSchema } from "./site-schemas.ts";

const bytes = limits.web.readingBytes;
const headers = { "If-Match": "the tag of the site file that the change is for; whatever it is unless said" };
/** It cannot be written; somebody else has changed it. */
const refuses = [409, 412] as const;

export const editOperations = {
  listAdditions: operation({
    method: "GET",
    path: "/api/v1/additions",
    takes: "owner",
    tells: [],
    does: "what can be added to the site: models, sources, listeners, and whether its file can be changed",
    answer: additionsSchema,
    refuses: [409],
  }),
  addMeter: operation({
    method: "POST",
    path: "/api/v1/meters",
    takes: "owner",
    tells: [],
    does: "writes a meter into the site file and takes it up; check only says what would come of it",
    query: checkQuery,
    body: {
      schema: meterEntry,
      bytes,
      example: { name: "house", model: "leviton-s4100", source: { read: { url: "modbus://192.0.2.7/1" } } },
      open: true,
    },
    headers,
    answer: siteEditSchema,
    refuses,
  }),
  changeMeter: operation({
    method: "PUT",
    path: "/api/v1/meters/:name",
    takes: "owner",
    tells: [],
    does: "puts keys of a meter in the site file in place of those there, but for its name, and takes them up",
    query: checkQuery,
    body: { schema: meterChange, bytes, example: { listen: [{ modbus: "tcp", port: 1502 }] }, open: true },
    headers,
    answer: siteEditSchema,
    refuses,
  }),
  removeMeter: operation({
    method: "DELETE",
    path: "/api/v1/meters/:name",
    takes: "owner",
    tells: [],
    does: "takes a meter out of the site file, and out of the site; what it knows stays in the store",
    query: checkQuery,
    headers,
    answer: siteEditSchema,
    refuses,
  }),
  readScan: operation({
    method: "GET",
    path: "/api/v1/scan",
    takes: "owner",
    tells: [],
    does: "how far the last scan is, and what it has found",
    answer: scanSchema,
  }),
  followScan: operation({
    method: "GET",
    path: "/api/v1/scan/live",
    takes: "owner",
    tells: [],
    does: "the same as server-sent events, one whenever it is another",
    answer: { media: "text/event-stream", says: "events", events: { message: scanSchema, beat: beatSchema } },
    refuses: [503],
    stream: true,
  }),
  startScan: operation({
    method: "PUT",
    path: "/api/v1/scan",
    takes: "owner",
    tells: [],
    does: "looks for meters on a line or behind a gateway over Modbus, DNP3 or DLMS/COSEM, one scan at a time",
    body: { schema: scanAsked, bytes, example: { url: "modbus://127.0.0.1:1502", from: 1, to: 10, timeout: 300 } },
    answer: scanSchema,
    refuses: [409],
  }),
  stopScan: operation({
    method: "DELETE",
    path: "/api/v1/scan",
    takes: "owner",
    tells: [],
    does: "ends the scan that is under way",
    answer: okSchema,
  }),
};
