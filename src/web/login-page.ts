/**
 * The form in which a person logs in to the site: all that a stranger's browser is shown. It stands in the answer alone, without a file,
 * so that a stranger is given none.
 */
import { createHash } from "node:crypto";
import type { Context } from "hono";
import { wordsOf, type Language, type Texts } from "#quantity/text.ts";
import { languageAsked } from "./asked-language.ts";

const texts = {
  title: ["Log in · Polyphase", "Anmelden · Polyphase"],
  what: ["Log in to this site", "An dieser Anlage anmelden"],
  user: ["User", "Benutzer"],
  password: ["Password", "Passwort"],
  logIn: ["Log in", "Anmelden"],
} as const satisfies Texts;

const style = `
:root {
  color-scheme: light dark;
  --paper: light-dark(#f6f5f1, #16191d);
  --card: light-dark(#ffffff, #1e2329);
  --ink: light-dark(#1d2329, #e6e8ea);
  --quiet: light-dark(#6b747d, #97a1ab);
  --line: light-dark(#dfddd6, #323942);
  --accent: light-dark(#2667b0, #6aa9ee);
  --onto: light-dark(#ffffff, #10141a);
  --bad: light-dark(#b3261e, #ff8a80);
  font:
    15px/1.45 system-ui,
    sans-serif;
}
body {
  margin: 0;
  min-height: 100vh;
  display: grid;
  place-content: center;
  background: var(--paper);
  color: var(--ink);
}
form {
  box-sizing: border-box;
  width: min(21rem, 92vw);
  background: var(--card);
  border: 1px solid var(--line);
  border-radius: 10px;
  padding: 1.5rem 1.6rem 1.7rem;
}
svg {
  display: block;
  width: 100%;
  margin-bottom: 1rem;
  fill: none;
  stroke-width: 2.2;
  stroke-linecap: round;
}
.a {
  stroke: light-dark(#b8860b, #e0b341);
}
.b {
  stroke: light-dark(#c2442f, #ef7a65);
}
.c {
  stroke: light-dark(#2667b0, #6aa9ee);
}
h1 {
  font-size: 1.15rem;
  letter-spacing: 0.02em;
  margin: 0;
}
p {
  margin: 0.15rem 0 1.1rem;
  color: var(--quiet);
}
label {
  display: block;
  margin-bottom: 0.9rem;
  color: var(--quiet);
  font-size: 0.85rem;
}
input {
  box-sizing: border-box;
  display: block;
  width: 100%;
  margin-top: 0.25rem;
  padding: 0.45rem 0.6rem;
  font: inherit;
  font-size: 1rem;
  color: var(--ink);
  background: var(--paper);
  border: 1px solid var(--line);
  border-radius: 6px;
}
input:focus-visible,
button:focus-visible {
  outline: 2px solid var(--accent);
  outline-offset: 1px;
}
button {
  width: 100%;
  margin-top: 0.3rem;
  padding: 0.5rem;
  font: inherit;
  font-weight: 600;
  color: var(--onto);
  background: var(--accent);
  border: 0;
  border-radius: 6px;
  cursor: pointer;
}
#said {
  color: var(--bad);
  margin: 0.8rem 0 0;
}
#said:empty {
  display: none;
}
`;

/** Three phases, two cycles of each, as paths of a drawing of 240 by 44. */
const waves = ["a", "b", "c"]
  .map((phase, k) => {
    const points = Array.from({ length: 60 }, (_, at) => {
      const turn = (4 * Math.PI * at) / 59 - (2 * Math.PI * k) / 3;
      return `${(2 + 4 * at).toFixed(0)} ${(22 - 18 * Math.sin(turn)).toFixed(1)}`;
    });
    return `<path class="${phase}" d="M${points.join(" ")}" />`;
  })
  .join("");

/**
 * The meter that the page's address names stands behind its "#", which browsers tell no site: the form goes to the same, and what answers it
 * has it still. Without scripts the first meter is shown.
 */
const script = `for (const form of document.forms) form.action += location.hash;`;

/** The form; the place to type in first is what is still to be typed. */
const pageOf = (said: string, user: string, language: Language): string => `<!doctype html>
<html lang="${language}">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>${wordsOf(texts.title, language)}</title>
    <link rel="icon" href="data:," />
    <style>${style}</style>
  </head>
  <body>
    <main><form method="post" action="/api/v1/session">
      <svg viewBox="0 0 240 44" aria-hidden="true">${waves}</svg>
      <h1>Polyphase</h1>
      <p>${wordsOf(texts.what, language)}</p>
      <label>${wordsOf(texts.user, language)}<input name="user"${user === "" ? " autofocus" : ` value="${user}"`} autocomplete="username" autocapitalize="none" required /></label>
      <label>${wordsOf(texts.password, language)}<input name="password"${user === "" ? "" : " autofocus"} type="password" autocomplete="current-password" required /></label>
      <button>${wordsOf(texts.logIn, language)}</button>
      <p id="said" lang="en" role="alert">${said}</p>
    </form></main>
    <script>${script}</script>
  </body>
</html>
`;

const sourceOf = (text: string): string => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;

/** The sources of the form's style and of its script, for a content security policy. */
export const [loginStyle, loginScript] = [sourceOf(style), sourceOf(script)] as const;

/** `said` is what was wrong with the log-in before; empty at the first. `user` is who tried: only the password is to be typed again. */
export function loginPage(
  context: Context,
  said: string,
  status: 400 | 401 | 415 | 422 | 429 | 503,
  user = "",
): Response | Promise<Response> {
  const language = languageAsked(context.req.header("accept-language"));
  return context.html(pageOf(escaped(said), escaped(user), language), status, { Vary: "Accept-Language" });
}

function escaped(text: string): string {
  return text.replaceAll(/[<>&"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
