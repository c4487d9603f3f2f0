/** What is asked of the site as a whole: rows of the table of operations. */
import { roles } from "#fleet/site-users.ts";
import { overviewQuery, overviewSchema } from "./overview-schemas.ts";
import { limits } from "#quantity/limits.ts";
import { operation } from "./operation.ts";
import {
  credentials,
  faultsBody,
  healthSchema,
  listenersSchema,
  metersSchema,
  okSchema,
  reloadSchema,
  sessionSchema,
  unitsSchema,
  userChange,
  usersSchema,
  visitorSchema,
} from "./site-schemas.ts";

/** Programs say it in JSON, people in the form of the page. */
export const logInBody = {
  schema: credentials,
  bytes: limits.web.logInBytes,
  example: { user: "ann", password: "…" },
  form: true,
} as const;

export const siteOperations = {
  health: operation({
    method: "GET",
    path: "/health",
    takes: "anybody",
    does: "whether the site lives and can keep what it knows",
    answer: healthSchema,
    others: { 503: "what it knows cannot be kept" },
  }),
  metrics: operation({
    method: "GET",
    path: "/metrics",
    takes: "token",
    does: "for Prometheus, in its own format or OpenMetrics",
    answer: { media: "text/plain", says: "the site and every meter's readings" },
  }),
  describe: operation({
    method: "GET",
    path: "/api/v1/openapi.json",
    takes: "viewer",
    does: "this description (OpenAPI 3.1)",
    answer: { media: "application/json", says: "the description" },
  }),
  listMeters: operation({
    method: "GET",
    path: "/api/v1/meters",
    takes: "viewer",
    does: "the meters of the site, with the URLs that they answer at over other protocols",
    answer: metersSchema,
  }),
  overview: operation({
    method: "GET",
    path: "/api/v1/overview",
    takes: "viewer",
    does: "the site at a glance: what its meters are like, searched, sorted and page by page",
    query: overviewQuery,
    answer: overviewSchema,
  }),
  listUnits: operation({
    method: "GET",
    path: "/api/v1/units",
    takes: "viewer",
    does: "the unit of each quantity and measure",
    answer: unitsSchema,
  }),
  logIn: operation({
    method: "POST",
    path: "/api/v1/session",
    takes: "anybody",
    does: "logs in to the site: a cookie, and a token for Polyphase-Session",
    body: logInBody,
    answer: sessionSchema,
    others: { 303: "of the form of the page: to the page" },
    refuses: [401, 429, 503],
  }),
  whoAmI: operation({
    method: "GET",
    path: "/api/v1/session",
    takes: "viewer",
    does: "who is logged in to the site, and as what",
    answer: visitorSchema,
  }),
  logOut: operation({
    method: "DELETE",
    path: "/api/v1/session",
    takes: "viewer",
    does: "logs out of the site",
    answer: okSchema,
  }),
  listUsers: operation({
    method: "GET",
    path: "/api/v1/users",
    takes: "owner",
    does: "the users of the site",
    answer: usersSchema,
  }),
  putUser: operation({
    method: "PUT",
    path: "/api/v1/users/:user",
    takes: "owner",
    does: "makes or changes a user of the site",
    body: {
      schema: userChange,
      bytes: limits.web.logInBytes,
      example: { role: roles[0], password: "…" },
    },
    answer: okSchema,
    refuses: [503],
  }),
  removeUser: operation({
    method: "DELETE",
    path: "/api/v1/users/:user",
    takes: "owner",
    does: "removes a user of the site",
    answer: okSchema,
    refuses: [503],
  }),
  listListeners: operation({
    method: "GET",
    path: "/api/v1/listeners",
    takes: "viewer",
    does: "the listeners with their URLs, their fault rules and how often each struck",
    answer: listenersSchema,
  }),
  putFaults: operation({
    method: "PUT",
    path: "/api/v1/listeners/:index/faults",
    takes: "operator",
    does: "puts fault rules in place of those in force",
    body: { schema: faultsBody, bytes: limits.web.readingBytes, example: [{ delay: 500 }], open: true },
    answer: okSchema,
  }),
  reload: operation({
    method: "POST",
    path: "/api/v1/reload",
    takes: "owner",
    does: "reads the site file again",
    answer: reloadSchema,
  }),
};
