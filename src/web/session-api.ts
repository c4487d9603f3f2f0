/** Logging in to the site and out again, and its users. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import { roles, wrongName, wrongPassword, type SiteUser } from "#fleet/site-users.ts";
import type { Caller } from "#io/desk.ts";
import { checkPassword, hashPasswordLater } from "#io/password.ts";
import { limits } from "#quantity/limits.ts";
import type { Site } from "#fleet/site.ts";
import { cookieOf, isTrusted } from "./access.ts";
import { atMost } from "./at-most.ts";
import { jsonBody } from "./json-body.ts";
import { loginPage } from "./login-page.ts";
import type { LogInRation } from "./log-in-ration.ts";
import { callerOf } from "./peer.ts";
import type { SiteSessions } from "./site-sessions.ts";

function isForm({ req }: Context): boolean {
  return req.header("Content-Type")?.startsWith("application/x-www-form-urlencoded") === true;
}

/** Whether a person asks, with the form of the page: programs send forms, too, and want no page. */
function isPerson(context: Context): boolean {
  return isForm(context) && context.req.header("Accept")?.includes("text/html") === true;
}

/** Comes before every log-in, of the site and of its meters: an address that sent too many wrong passwords waits. */
export function rationed(ration: LogInRation): MiddlewareHandler {
  return async (context, next) => {
    const visitor = context.get("visitor");
    if (isTrusted(visitor)) return next();
    const wait = ration.take(visitor.address);
    if (wait !== undefined) {
      const seconds = Math.ceil(wait / 1000);
      const error = `too many wrong passwords; wait ${seconds} s`;
      context.header("Retry-After", String(seconds));
      return isPerson(context) ? loginPage(context, error, 429) : context.json({ error }, 429);
    }
    await next();
    if (context.res.status < 400) ration.giveBack(visitor.address);
    return undefined;
  };
}

interface Given {
  readonly user: string;
  readonly password: string;
}

/** What a program says in JSON, or a person in the form of the page; undefined of anything else. */
async function givenIn(context: Context): Promise<Given | undefined> {
  const value = isForm(context) ? await context.req.parseBody() : (await jsonBody(context.req))?.value;
  const { user, password } = (value ?? {}) as { user?: unknown; password?: unknown };
  return typeof user === "string" && typeof password === "string" ? { user, password } : undefined;
}

/** The user of a name and a password. It takes as long whoever it is; "busy" when too many ask. */
async function userOf(
  { user, password }: Given,
  { users }: Site,
  caller: Caller,
): Promise<SiteUser | "busy" | undefined> {
  const named = users.named(user);
  const matches = await checkPassword(password, named?.password, caller);
  if (matches === undefined) return "busy";
  // Who has another password meanwhile has not been shown it.
  return matches && users.named(user)?.password === named?.password ? named : undefined;
}

export function addSessionApi(app: Hono, site: Site, sessions: SiteSessions, ration: LogInRation): void {
  const small = atMost(limits.web.logInBytes);

  app.post("/api/session", small, rationed(ration), async (context) => {
    const isPage = isPerson(context);
    const given = await givenIn(context);
    const refuse = (error: string, status: 400 | 401 | 503): Response | Promise<Response> =>
      isPage ? loginPage(context, error, status, given?.user) : context.json({ error }, status);
    if (given === undefined)
      return refuse('expected Content-Type: application/json, and {"user":"…","password":"…"}', 400);
    const visitor = context.get("visitor");
    const user = await userOf(given, site, callerOf(context));
    if (user === "busy") return refuse("too many log in at once; try again", 503);
    if (user === undefined) {
      const who = wrongName(given.user) === undefined ? given.user : "somebody";
      site.refused("web", `log-in of ${who} from ${visitor.address ?? "here"}: wrong user or password`);
      return refuse("wrong user or password", 401);
    }
    const token = sessions.begin(user);
    const { secure } = visitor;
    setCookie(context, cookieOf(visitor), token, { path: "/", httpOnly: true, sameSite: "Strict", secure });
    return isPage ? context.redirect("/", 303) : context.json({ token, user: user.name, role: user.role });
  });

  app.get("/api/session", (context) => {
    const { user, role } = context.get("visitor");
    return context.json({ user: user?.name ?? null, role });
  });

  app.delete("/api/session", (context) => {
    const visitor = context.get("visitor");
    if (visitor.token !== undefined) sessions.leave(visitor.token);
    deleteCookie(context, cookieOf(visitor), { path: "/", secure: visitor.secure });
    return context.json({ ok: true });
  });

  app.get("/api/users", (context) => context.json({ users: site.users.all.map(({ name, role }) => ({ name, role })) }));

  app.put("/api/users/:user", small, async (context) => {
    const name = context.req.param("user");
    const { role, password } = ((await jsonBody(context.req))?.value ?? {}) as { role?: unknown; password?: unknown };
    const known = site.users.named(name);
    const wanted = role === undefined ? known?.role : roles.find((one) => one === role);
    if (wanted === undefined || (password !== undefined && typeof password !== "string"))
      return context.json({ error: `expected {"role":"${roles.join("|")}","password":"…"}` }, 422);
    const isNew = password !== undefined || known === undefined;
    const wrong = wrongName(name) ?? (isNew ? wrongPassword(password ?? "") : undefined);
    if (wrong !== undefined) return context.json({ error: wrong }, 422);
    const hash = isNew ? await hashPasswordLater(password ?? "", callerOf(context)) : undefined;
    if (isNew && hash === undefined) return context.json({ error: "too many log in at once; try again" }, 503);
    return changed(context, () =>
      site.users.put(name, (there) => {
        const kept = hash ?? there?.password;
        if (kept === undefined) throw new Error(`there is no user ${name} any more`);
        return { role: role === undefined ? (there?.role ?? wanted) : wanted, password: kept };
      }),
    );
  });

  app.delete("/api/users/:user", async (context) => {
    const name = context.req.param("user");
    if (site.users.named(name) === undefined) return context.json({ error: `there is no user ${name}` }, 404);
    return changed(context, () => site.users.remove(name));
  });

  /** What a change of the users comes to: their sessions end with it. */
  async function changed(context: Context, change: () => Promise<void>): Promise<Response> {
    try {
      await change();
    } catch (error) {
      return context.json(
        { error: `nothing is changed: ${error instanceof Error ? error.message : String(error)}` },
        503,
      );
    }
    sessions.sweep();
    return context.json({ ok: true });
  }
}
