/** What is asked of the configuration of a meter: rows of the table of operations. */
import { z } from "zod";
import { limits } from "#quantity/limits.ts";
import {
  configurationBody,
  configurationSchema,
  configuredSchema,
  describedSchema,
  editorBody,
  editorsSchema,
  historySchema,
  undoBody,
} from "./configuration-schemas.ts";
import { operation } from "./operation.ts";

const base = "/api/v1/meters/:name/configuration";
const check = z.strictObject({ check: z.string().optional().describe("changes nothing, whatever it says") });
const match = { "If-Match": "the ETag of the configuration that was read: of another one nothing is changed" };

export const configurationOperations = {
  readConfiguration: operation({
    method: "GET",
    path: base,
    takes: "viewer",
    tells: ["configuration"],
    does: "what a meter is set up to do, with its ETag",
    answer: configurationSchema,
  }),
  describeConfiguration: operation({
    method: "GET",
    path: `${base}/schema`,
    takes: "viewer",
    tells: ["configuration"],
    does: "what a configuration of the meter can say, as JSON Schema, and what each part needs",
    answer: describedSchema,
  }),
  configure: operation({
    method: "PUT",
    path: base,
    takes: "operator",
    tells: [],
    does: "configures a meter; check only says what would change and begin anew, and what could be said",
    query: check,
    headers: match,
    body: {
      schema: configurationBody,
      bytes: limits.web.configurationBytes,
      example: { phaseLossVoltage: 15 },
      open: true,
    },
    answer: configuredSchema,
    refuses: [412],
    keeps: true,
  }),
  readConfigurationHistory: operation({
    method: "GET",
    path: `${base}/history`,
    takes: "viewer",
    tells: ["configuration"],
    does: "configurations that were applied, by whom and over which port, with the difference key by key",
    query: z.strictObject({
      from: z.int().min(0).optional().describe("the number of the first"),
      most: z.int().min(0).optional().describe("how many"),
    }),
    answer: historySchema,
  }),
  undoConfiguration: operation({
    method: "POST",
    path: `${base}/undo`,
    takes: "operator",
    tells: [],
    does: "takes back the last change of the configuration, or an earlier one and all since; check likewise",
    query: check,
    headers: match,
    body: { schema: undoBody, bytes: limits.web.editorBytes, example: {} },
    answer: configuredSchema,
    refuses: [412],
    keeps: true,
  }),
  listEditors: operation({
    method: "GET",
    path: `${base}/editors`,
    takes: "viewer",
    tells: ["configuration"],
    does: "who has an editor of the configuration open",
    answer: editorsSchema,
  }),
  openEditor: operation({
    method: "PUT",
    path: `${base}/editors`,
    takes: "operator",
    tells: ["configuration"],
    does: "says that an editor is open, for half a minute, or closed",
    body: { schema: editorBody, bytes: limits.web.editorBytes, example: { editor: "3f0c9a52-tab", open: true } },
    answer: editorsSchema,
  }),
};
