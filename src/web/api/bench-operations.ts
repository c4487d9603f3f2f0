/** What is asked of the bench of a meter shop: rows of the table of operations. */
import { limits } from "#quantity/limits.ts";
import { benchBody, benchSchema, clockBody, clockSchema } from "./bench-schemas.ts";
import { operation } from "./operation.ts";

const path = "/api/v1/meters/:name/bench";
/** What its source gives is what it measures. */
const tells = ["readings"] as const;

export const benchOperations = {
  readClock: operation({
    method: "GET",
    path: "/api/v1/clock",
    takes: "viewer",
    tells: [],
    does: "the site's clock: what it says, how fast it goes, and whether that can be changed",
    answer: clockSchema,
  }),
  changeClock: operation({
    method: "PUT",
    path: "/api/v1/clock",
    takes: "operator",
    tells: [],
    does: "lets the site's clock go at another speed",
    body: { schema: clockBody, bytes: limits.web.markBytes, example: { speed: 60 } },
    answer: clockSchema,
    refuses: [409],
  }),
  readBench: operation({
    method: "GET",
    path,
    takes: "operator",
    tells,
    does: "what the synthetic source of a meter gives now, and what of it differs from the site file",
    answer: benchSchema,
  }),
  changeBench: operation({
    method: "POST",
    path,
    takes: "operator",
    tells,
    does: "changes what the synthetic source of a meter gives, from now on; what is left out stays",
    body: {
      schema: benchBody,
      bytes: limits.web.readingBytes,
      example: { volts: { b: 138 }, events: [{ kind: "sag", phases: ["b"], volts: 0.6, for: 0.2 }] },
    },
    answer: benchSchema,
  }),
  resetBench: operation({
    method: "DELETE",
    path,
    takes: "operator",
    tells,
    does: "puts everything back to what the site file says, from now on",
    answer: benchSchema,
  }),
};
