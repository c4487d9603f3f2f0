/** Logging in to the site and out again, and its users. */
import type { Context, Hono, MiddlewareHandler } from "hono";
import { deleteCookie, setCookie } from "hono/cookie";
import { roles, wrongName, wrongPassword, type SiteUser } from "#fleet/site-users.ts";
import type { Caller } from "#io/desk.ts";
import { checkPassword, hashPasswordLater } from "#io/password.ts";
import type { Site } from "#fleet/site.ts";
import { operations } from "#web/api/operations.ts";
import { problem } from "#web/api/problem.ts";
import { atMost, bodyOf, isForm, wrongBody } from "#web/api/request-body.ts";
import { logInBody } from "#web/api/site-operations.ts";
import { serve } from "#web/api/route.ts";
import { cookieOf, isTrusted } from "./access.ts";
import { loginPage } from "./login-page.ts";
import type { LogInRation } from "./log-in-ration.ts";
import { callerOf } from "./peer.ts";
import type { SiteSessions } from "./site-sessions.ts";

/** Whether a person asks, with the form of the page: programs send forms, too, and want no page. */
function isPerson(context: Context): boolean {
  return isForm(context.req) && context.req.header("Accept")?.includes("text/html") === true;
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
      return isPerson(context) ? loginPage(context, error, 429) : problem(context, 429, error);
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
  // A person is answered with a page, whatever was wrong.
  app.post(operations.logIn.path, atMost(logInBody.bytes), rationed(ration), async (context) => {
    const isPage = isPerson(context);
    const body = await bodyOf(context.req, logInBody);
    if ("problems" in body)
      return isPage ? loginPage(context, body.problems.join("; "), body.status) : wrongBody(context, body);
    const refuse = (error: string, status: 401 | 503): Response | Promise<Response> =>
      isPage ? loginPage(context, error, status, body.value.user) : problem(context, status, error);
    const visitor = context.get("visitor");
    const user = await userOf(body.value, site, callerOf(context));
    if (user === "busy") return refuse("too many log in at once; try again", 503);
    if (user === undefined) {
      const who = wrongName(body.value.user) === undefined ? body.value.user : "somebody";
      site.refused("web", `log-in of ${who} from ${visitor.address ?? "here"}: wrong user or password`);
      return refuse("wrong user or password", 401);
    }
    const token = sessions.begin(user);
    const { secure } = visitor;
    setCookie(context, cookieOf(visitor), token, { path: "/", httpOnly: true, sameSite: "Strict", secure });
    return isPage ? context.redirect("/", 303) : context.json({ token, user: user.name, role: user.role });
  });

  serve(app, operations.whoAmI, (context) => {
    const { user, role } = context.get("visitor");
    return context.json({ user: user?.name ?? null, role });
  });

  serve(app, operations.logOut, (context) => {
    const visitor = context.get("visitor");
    if (visitor.token !== undefined) sessions.leave(visitor.token);
    deleteCookie(context, cookieOf(visitor), { path: "/", secure: visitor.secure });
    return context.json({ ok: true });
  });

  serve(app, operations.listUsers, (context) =>
    context.json({ users: site.users.all.map(({ name, role }) => ({ name, role })) }),
  );

  serve(app, operations.putUser, async (context, { body: { role, password } }) => {
    const name = context.req.param("user") ?? "";
    const known = site.users.named(name);
    const wanted = role ?? known?.role;
    if (wanted === undefined) return problem(context, 422, `role: expected ${roles.join(", ")}; ${name} is new`);
    const isNew = password !== undefined || known === undefined;
    const wrong = wrongName(name) ?? (isNew ? wrongPassword(password ?? "") : undefined);
    if (wrong !== undefined) return problem(context, 422, wrong);
    const hash = isNew ? await hashPasswordLater(password ?? "", callerOf(context)) : undefined;
    if (isNew && hash === undefined) return problem(context, 503, "too many log in at once; try again");
    return changed(context, () =>
      site.users.put(name, (there) => {
        const kept = hash ?? there?.password;
        if (kept === undefined) throw new Error(`there is no user ${name} any more`);
        return { role: role === undefined ? (there?.role ?? wanted) : wanted, password: kept };
      }),
    );
  });

  serve(app, operations.removeUser, async (context) => {
    const name = context.req.param("user") ?? "";
    if (site.users.named(name) === undefined) return problem(context, 404, `there is no user ${name}`);
    return changed(context, () => site.users.remove(name));
  });

  /** What a change of the users comes to: their sessions end with it. */
  async function changed(context: Context, change: () => Promise<void>): Promise<Response> {
    try {
      await change();
    } catch (error) {
      return problem(context, 503, `nothing is changed: ${error instanceof Error ? error.message : String(error)}`);
    }
    sessions.sweep();
    return context.json({ ok: true });
  }
}
