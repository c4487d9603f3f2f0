/** The form in which a person logs in to the site: all that a stranger's browser is shown. It stands in the answer alone, without a file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Context } from "hono";

const page = readFileSync(new URL("./page/login.html", import.meta.url), "utf8");
const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? "";

/** The source of the form's style, for a content security policy. */
export const loginStyle = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** `said` is what was wrong with the log-in before; empty at the first. `user` is who tried: only the password is to be typed again. */
export function loginPage(
  context: Context,
  said: string,
  status: 400 | 401 | 429 | 503,
  user = "",
): Response | Promise<Response> {
  const form = user === "" ? page : againFor(user);
  return context.html(
    form.replace("<!-- said -->", () => escaped(said)),
    status,
  );
}

function againFor(user: string): string {
  return page
    .replace(" autofocus", "")
    .replace(' name="user"', () => ` name="user" value="${escaped(user)}"`)
    .replace(' name="password"', ' name="password" autofocus');
}

function escaped(text: string): string {
  return text.replaceAll(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
