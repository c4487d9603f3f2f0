/** What is asked of one meter: rows of the table of operations. */
import { z } from "zod";
import { reading } from "#fleet/live-readings.ts";
import { limits } from "#quantity/limits.ts";
import { liveSchema, meterSchema, missedSchema, registersSchema, selfReadsSchema } from "./meter-schemas.ts";
import { configuredSchema } from "./configuration-schemas.ts";
import { asked } from "./named.ts";
import { everythingNew, operation } from "./operation.ts";
import { panelSchema, seenSchema, touchSchema } from "./panel-schemas.ts";
import { intervalsSchema } from "./quality-schemas.ts";
import { fileContentSchema, filesSchema, logSchema, namedProfileSchema } from "./record-schemas.ts";
import {
  beatSchema,
  commandBody,
  credentials,
  markQuery,
  markSchema,
  marksSchema,
  meterSessionSchema,
  meterVisitorSchema,
  okSchema,
} from "./site-schemas.ts";

const base = "/api/v1/meters/:name";
/** What stands on a front panel. */
const seen = ["readings", "registers", "log alarm"] as const;
const EVENTS = "text/event-stream";

const number = z.int().min(0);
export const localTime = z
  .string()
  .regex(/^\d{4}-\d{2}-\d{2}([T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?)?$/, "expected a local time like 2026-07-31T16:00")
  .describe("a local time, 2026-07-31T16:00");
/** Records of a profile: all, of the last days, of a range of local time, or from a number on. */
export const records = z.strictObject({
  days: number.max(limits.web.days).optional().describe("local days before today"),
  from: localTime.optional(),
  to: localTime.optional(),
  since: number.optional().describe("the number of the first"),
  most: number.min(1).optional().describe("how many"),
});
const page = z.strictObject({
  from: number.optional().describe("the number of the first"),
  most: number.optional().describe(`how many, ${limits.web.entries} unless fewer are wanted`),
});
const after = z.strictObject({
  after: z.string().max(limits.web.eventId).optional().describe("what Last-Event-ID says, of who cannot send that"),
  without: z.enum(["waveforms"]).optional().describe("waveforms: what the meter has of them is left out"),
});

export const meterOperations = {
  readMeter: operation({
    method: "GET",
    path: base,
    takes: "viewer",
    tells: ["readings", "registers"],
    does: "every reading, register, contact and condition of a meter, and what its product shows besides",
    answer: meterSchema,
  }),
  followMeter: operation({
    method: "GET",
    path: `${base}/live`,
    takes: "viewer",
    tells: everythingNew,
    does: "the same as server-sent events, one a calculation cycle, with the newest records and log entries",
    query: after,
    headers: { "Last-Event-ID": "the id of the last event: what was logged since comes first" },
    answer: {
      media: EVENTS,
      says: "message at each calculation cycle; missed after a connection that was lost; beat once a second says that the site lives",
      events: { message: liveSchema, missed: missedSchema, beat: beatSchema },
    },
    refuses: [503],
    stream: true,
  }),
  readPanel: operation({
    method: "GET",
    path: `${base}/panel`,
    takes: "viewer",
    tells: seen,
    does: "the front panel: buttons and flaps that there are, and what is seen",
    answer: panelSchema,
  }),
  followPanel: operation({
    method: "GET",
    path: `${base}/panel/live`,
    takes: "viewer",
    tells: seen,
    does: "what is seen as server-sent events, one whenever it is another",
    answer: {
      media: EVENTS,
      says: "message with the picture, at first and when it has changed; beat once a second. There is nothing to resume",
      events: { message: seenSchema, beat: z.strictObject({}) },
    },
    refuses: [503],
    stream: true,
  }),
  // A hand at the meter.
  touchPanel: operation({
    method: "POST",
    path: `${base}/panel`,
    takes: "operator",
    tells: seen,
    does: "a hand at the front panel: a control goes down, or comes up",
    body: { schema: touchSchema, bytes: limits.panel.touchBytes, example: { press: "set" } },
    answer: seenSchema,
    refuses: [409, 429],
    keeps: true,
  }),
  readRegisters: operation({
    method: "GET",
    path: `${base}/registers/:list`,
    takes: "viewer",
    tells: ["registers"],
    does: "the registers of a list",
    answer: registersSchema,
  }),
  readIntervals: operation({
    method: "GET",
    path: `${base}/intervals`,
    takes: "viewer",
    tells: "everything",
    does: "the intervals of power quality that have ended, with the means of harmonics, angles and distortion",
    answer: intervalsSchema,
  }),
  readProfile: operation({
    method: "GET",
    path: `${base}/profiles/:number`,
    takes: "viewer",
    tells: ["profiles"],
    does: "records of a load profile; where the answer says more, since with its next goes on",
    query: records,
    answer: namedProfileSchema,
  }),
  readMeasurementLog: operation({
    method: "GET",
    path: `${base}/measurement-log/:number`,
    takes: "viewer",
    tells: ["measurement log"],
    does: "records of a group of the measurement log, likewise",
    query: records,
    answer: namedProfileSchema,
  }),
  readSelfReads: operation({
    method: "GET",
    path: `${base}/self-reads`,
    takes: "viewer",
    tells: ["registers"],
    does: "self reads from a number on, oldest first",
    query: page,
    answer: selfReadsSchema,
  }),
  readLog: operation({
    method: "GET",
    path: `${base}/logs/:kind`,
    takes: "viewer",
    tells: ["log :kind"],
    does: "entries of a log from a number on, oldest first",
    query: page,
    answer: logSchema,
  }),
  listFiles: operation({
    method: "GET",
    path: `${base}/files`,
    takes: "viewer",
    tells: ["files"],
    does: "the files of a meter, oldest first",
    answer: filesSchema,
  }),
  readFileContent: operation({
    method: "GET",
    path: `${base}/files/:file`,
    takes: "viewer",
    tells: ["files"],
    does: "what a PQDIF file has of waveforms and RMS, to be drawn",
    answer: fileContentSchema,
  }),
  readMark: operation({
    method: "GET",
    path: `${base}/marks`,
    takes: "viewer",
    tells: ["profiles"],
    does: "where a reader has come to in a series",
    query: markQuery,
    answer: marksSchema,
  }),
  // A mark says how far a reader of the meter has read: whoever reads moves his own.
  moveMark: operation({
    method: "POST",
    path: `${base}/marks`,
    takes: "viewer",
    tells: ["marks"],
    does: "says where a reader has come to",
    body: {
      schema: markSchema,
      bytes: limits.web.markBytes,
      example: { reader: "billing", series: "profile 1", next: 96 },
    },
    answer: marksSchema,
    keeps: true,
  }),
  logInToMeter: operation({
    method: "POST",
    path: `${base}/session`,
    takes: "anybody",
    tells: [],
    does: "logs in to a meter: a cookie, and a token for Authorization: Bearer",
    body: { schema: credentials, bytes: limits.web.logInBytes, example: { user: "admin", password: "…" } },
    answer: meterSessionSchema,
    refuses: [401, 429, 503],
  }),
  whoAmIToMeter: operation({
    method: "GET",
    path: `${base}/session`,
    takes: "viewer",
    tells: [],
    does: "who is logged in to a meter, what he may read and do there, and when a session times out",
    answer: meterVisitorSchema,
  }),
  logOutOfMeter: operation({
    method: "DELETE",
    path: `${base}/session`,
    takes: "viewer",
    tells: [],
    does: "logs out of a meter",
    answer: okSchema,
  }),
  command: operation({
    method: "POST",
    path: `${base}/commands`,
    takes: "operator",
    tells: [],
    does: "what people and hardware do to a meter",
    body: { schema: commandBody, bytes: limits.web.configurationBytes, example: { command: "freeze" }, open: true },
    answer: configuredSchema,
    keeps: true,
  }),
  pushReading: operation({
    method: "POST",
    path: `${base}/readings`,
    takes: "operator",
    tells: [],
    does: "pushes a reading into a meter whose source is live",
    body: {
      schema: asked("Reading", reading),
      bytes: limits.web.readingBytes,
      example: { volts: [230.1, 229.8, 231.2], amps: [5.1, 4.8, 6], pf: 0.95 },
    },
    answer: okSchema,
  }),
  fetchFile: operation({
    method: "GET",
    path: "/meters/:name/pqdif/:file",
    takes: "viewer",
    tells: ["files"],
    does: "a file of a meter, with ETag and ranges of bytes",
    headers: { Range: "which bytes", "If-None-Match": "the ETag of what is there already" },
    answer: { media: "application/octet-stream", says: "the file" },
    others: {
      206: "the bytes that were asked for",
      302: "it is a folder",
      304: "it is the one that is there",
      416: "it has no such bytes",
    },
  }),
  fetchFileOfFolder: operation({
    method: "GET",
    path: "/meters/:name/pqdif/:folder/:file",
    takes: "viewer",
    tells: ["files"],
    does: "a file of a folder, likewise",
    headers: { Range: "which bytes", "If-None-Match": "the ETag of what is there already" },
    answer: { media: "application/octet-stream", says: "the file" },
    others: { 206: "the bytes that were asked for", 304: "it is the one that is there", 416: "it has no such bytes" },
  }),
  removeFile: operation({
    method: "DELETE",
    path: "/meters/:name/pqdif/:file",
    takes: "operator",
    tells: [],
    does: "removes a file",
    answer: okSchema,
    keeps: true,
  }),
  removeFileOfFolder: operation({
    method: "DELETE",
    path: "/meters/:name/pqdif/:folder/:file",
    takes: "operator",
    tells: [],
    does: "removes a file of a folder",
    answer: okSchema,
    keeps: true,
  }),
};
