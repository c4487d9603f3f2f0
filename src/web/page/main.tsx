/** The page of a site: all meters at a glance, or one, refreshed at every calculation cycle, in sections of which each is loaded when somebody goes there. */
import { render } from "preact";
import { placeAt } from "./address.ts";
import { beginDropping, isOver } from "./drop.ts";
import { Header } from "./header.tsx";
import { beginSpeaking, LanguageChoice } from "./language-choice.tsx";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { Lacking } from "./lacking.tsx";
import { LoadedSection } from "./section-place.tsx";
import { closed, meterVisitor } from "./meter-session.ts";
import { meterSections, sections, siteSections } from "./sections.ts";
import { askSite, askVisitor, meters } from "./site.ts";
import { frame } from "./texts/frame.ts";
import { meterSession as session } from "./texts/meter-session.ts";
import { siteTexts } from "./texts/states.ts";
import { noteDeeds } from "./site-request.ts";
import { beginVisit, goTo, isBegun, section } from "./visit.ts";
import { beginLooking, behind, gone, isOld, live, name, trouble } from "./watch.ts";

/** Meters that are offered one by one; the list in the header has all of them. */
const OFFERED = 8;

/** What to look at instead of a meter that the site has no more. */
function Instead() {
  if (gone.value === undefined) return null;
  return (
    <div id="instead">
      <Notice kind="trouble">
        {say(live.value === undefined ? siteTexts.gone : siteTexts.goneNow, { meter: gone.value })}
        {meters.value.slice(0, OFFERED).map(({ name: one, title }) => (
          <button key={one} type="button" title={title} onClick={() => goTo({ meter: one, section: "" })}>
            {one}
          </button>
        ))}
        {meters.value.length > OFFERED ? say(siteTexts.andMore, { n: meters.value.length - OFFERED }) : ""}
        {meters.value.length === 0 ? say(siteTexts.noMeters) : ""}
      </Notice>
    </div>
  );
}

/** What is wrong with the site itself. */
function Troubles() {
  return (
    <>
      {trouble.value === undefined ? null : (
        <div id="trouble">
          <Notice kind="trouble">{say(siteTexts.trouble, { trouble: trouble.value })}</Notice>
        </div>
      )}
      {behind.value === undefined ? null : (
        <div id="behind">
          <Notice kind="quiet">{say(siteTexts.behind, { behind: behind.value })}</Notice>
        </div>
      )}
    </>
  );
}

/** Of a meter that is read by its own users only, to everybody else. */
function Closed() {
  const { name: meter = "", user } = meterVisitor.value ?? {};
  return (
    <div id="closed">
      <Notice>
        {user === null || user === undefined ? say(session.closed, { meter }) : say(session.barred, { user, meter })}
      </Notice>
    </div>
  );
}

function OfMeter() {
  if (closed.value !== undefined) return <Closed />;
  const shown = live.value;
  const at = meterSections.find(({ id }) => id === section.value);
  if (shown === undefined || at === undefined) return null;
  if (!at.has(shown)) return <Notice>{say(frame.hasNone)}</Notice>;
  return <LoadedSection key={`${shown.name}/${at.id}`} section={at} props={{ live: shown }} />;
}

function OfSite() {
  const at = siteSections.find(({ id }) => id === section.value);
  return at === undefined ? null : <LoadedSection key={at.id} section={at} props={{}} />;
}

function Page() {
  return (
    <>
      <Header />
      {isOver.value ? <div id="drop">{say(frame.letGo)}</div> : null}
      <Troubles />
      <Instead />
      <main class={isOld.value ? "old" : undefined}>
        {!isBegun.value ? null : name.value === "" ? <OfSite /> : <OfMeter />}
      </main>
      <footer>
        {live.value === undefined || section.value !== "" ? null : <Lacking {...live.value} />}
        <LanguageChoice />
      </footer>
    </>
  );
}

/** Milliseconds until a site that did not answer is asked again. */
const AGAIN_MS = 2000;

/** Loads what the address is of while the site is asked what there is. Where it names no meter and there is but one, that is asked for when it is known. */
function loadAhead(): void {
  const { meter, section: named } = placeAt(location.hash, [], sections);
  const rows: readonly { readonly id: string; readonly load: () => Promise<unknown> }[] =
    meter === undefined ? siteSections : meterSections;
  // What cannot be had now is asked for again when it is shown, and said then.
  rows
    .find(({ id }) => id === named)
    ?.load()
    .catch(() => undefined);
}

async function begin(): Promise<void> {
  try {
    await askVisitor();
    await askSite();
  } catch {
    return void setTimeout(() => void begin(), AGAIN_MS);
  }
  beginVisit();
  beginLooking();
}

beginSpeaking();
// The page of the API is loaded where its address says so.
if (location.pathname.startsWith("/api/")) void import("./api-page.tsx").then(({ showApi }) => showApi());
else {
  noteDeeds();
  render(<Page />, document.body);
  beginDropping();
  loadAhead();
  void begin();
}
