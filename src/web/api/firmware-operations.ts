/** What is asked of the firmware and the options of a meter: rows of the table of operations. */
import { z } from "zod";
import { limits } from "#quantity/limits.ts";
import { configuredSchema, firmwareBody, firmwareSchema, optionKeyBody } from "./configuration-schemas.ts";
import { operation } from "./operation.ts";

const base = "/api/v1/meters/:name";
const check = z.strictObject({ check: z.string().optional().describe("changes nothing, whatever it says") });

export const firmwareOperations = {
  readFirmware: operation({
    method: "GET",
    path: `${base}/firmware`,
    takes: "viewer",
    tells: ["readings"],
    does: "the versions of a meter's boards, what waits for a reboot, and which options there are",
    answer: firmwareSchema,
  }),
  uploadFirmware: operation({
    method: "POST",
    path: `${base}/firmware`,
    takes: "operator",
    tells: [],
    does: "uploads a file of firmware, which runs once the meter has rebooted; check only says what it is",
    query: check,
    body: {
      schema: firmwareBody,
      bytes: limits.web.firmwareBytes,
      example: { image: "cmVnaXN0ZXIgMC4wLjgxCg==", reboot: true },
    },
    answer: configuredSchema,
    keeps: true,
  }),
  enableOption: operation({
    method: "POST",
    path: `${base}/option-key`,
    takes: "operator",
    tells: [],
    does: "enables an option of a meter that is ready for it, and reboots it; check only says what it would enable",
    query: check,
    body: { schema: optionKeyBody, bytes: limits.web.editorBytes, example: { key: "PQ3-0A1B2C3D" } },
    answer: configuredSchema,
    keeps: true,
  }),
  reboot: operation({
    method: "POST",
    path: `${base}/reboot`,
    takes: "operator",
    tells: [],
    does: "starts a meter anew, on what it has kept",
    answer: configuredSchema,
    keeps: true,
  }),
};
