/** The one table of what may be asked for: the operations of the API, and the pages for browsers. What is not in it is asked for by nobody. */
import { configurationOperations } from "./configuration-operations.ts";
import { firmwareOperations } from "./firmware-operations.ts";
import { editOperations } from "./edit-operations.ts";
import { benchOperations } from "./bench-operations.ts";
import { energyOperations } from "./energy-operations.ts";
import { meterOperations } from "./meter-operations.ts";
import type { Operation, Takes, Tells } from "./operation.ts";
import { siteOperations } from "./site-operations.ts";
import { trafficOperations } from "./traffic-operations.ts";

export const operations = {
  ...siteOperations,
  ...editOperations,
  ...trafficOperations,
  ...benchOperations,
  ...meterOperations,
  ...energyOperations,
  ...configurationOperations,
  ...firmwareOperations,
};

/** Operations by their names in the description. */
export const described: readonly (readonly [id: string, row: Operation])[] = Object.entries(operations);

/** What browsers show. */
// prettier-ignore
export const pages: readonly (readonly [method: string, path: string, takes: Takes, tells: Tells])[] = [
  ["GET", "/",                                "viewer", []],
  ["GET", "/page/:file",                      "viewer", []],
  ["GET", "/api/v1",                          "viewer", []],
  ["GET", "/api/v1/",                         "viewer", []],
  ["GET", "/pqdif",                           "viewer", []],
  ["GET", "/pqdif/",                          "viewer", []],
  ["GET", "/meters/:name/pqdif",              "viewer", ["files"]],
  ["GET", "/meters/:name/pqdif/",             "viewer", ["files"]],
  ["GET", "/meters/:name/pqdif/:folder/",     "viewer", ["files"]],
];
