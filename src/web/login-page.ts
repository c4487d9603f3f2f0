/** The form in which a person logs in to the site: all that a stranger's browser is shown. It stands in the answer alone, without a file. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import type { Context } from "hono";

const page = readFileSync(new URL("./page/login.html", import.meta.url), "utf8");
const style = /<style>([^]*?)<\/style>/.exec(page)?.[1] ?? "";

/** The source of the form's style, for a content security policy. */
export const loginStyle = `'sha256-${createHash("sha256").update(style).digest("base64")}'`;

/** `said` is what was wrong with the log-in before; empty at the first. It has no characters that mean something in HTML. */
export function loginPage(context: Context, said: string, status: 400 | 401 | 429 | 503): Response | Promise<Response> {
  return context.html(
    page.replace("<!-- said -->", () => said.replaceAll(/[<>&"]/g, "")),
    status,
  );
}
