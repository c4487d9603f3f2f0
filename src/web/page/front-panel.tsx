/** A meter's front panel, with its buttons: what a person in front of the meter sees, and can do. */
import { useEffect, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Control } from "#panel/panel.ts";
import type { Light, Picture } from "#panel/picture.ts";
import { say } from "./language.ts";
import { Lcd } from "./lcd.tsx";
import { Notice } from "./notice.tsx";
import { controlOfKey, keyWords } from "./panel-keys.ts";
import { PanelLink } from "./panel-link.ts";
import { ColourScreen, DarkScreen } from "./panel-screen.tsx";
import { panelNews } from "./panel-news.ts";
import { panelWords } from "./panel-words.ts";
import { visitor } from "./site.ts";
import { panelTexts } from "./texts/panels.ts";

/** Milliseconds between two flashes of a light at least: three a second are the most that harm nobody (WCAG 2.3.1). */
const FLASH_MS = 350;
/** Milliseconds between two announcements: less than the second that a meter says that it has saved. */
const SAID_MS = 500;

function Display({ display }: Pick<Picture, "display">) {
  if (display.kind === "lcd") return <Lcd picture={display} />;
  if (display.kind === "screen") return <ColourScreen picture={display} />;
  if (display.glass === "colour") return <DarkScreen />;
  return (
    <svg class="lcd" viewBox="0 0 204 120" aria-hidden="true">
      <rect width={204} height={120} rx={6} class="glass dark" />
    </svg>
  );
}

/** What is to be announced: not more often than somebody can listen to. `isPressed` is whether this page's hands have pressed since. */
function useSaid(link: PanelLink, picture: Picture, isPressed: { current: boolean }): string {
  const [said, setSaid] = useState(() => panelWords(picture));
  const told = useRef(picture);
  const at = useRef(0);
  useEffect(() => {
    const wait = Math.max(0, at.current + SAID_MS - performance.now());
    const timer = setTimeout(() => {
      const newest = link.picture.value ?? picture;
      const words = panelNews(told.current, newest, isPressed.current);
      told.current = newest;
      if (words === "") return;
      at.current = performance.now();
      // A press that is under way is about a picture that is still to come.
      isPressed.current = link.isTouching;
      setSaid(words);
    }, wait);
    return () => clearTimeout(timer);
  }, [picture]);
  return said;
}

/** Flashes that a lamp is behind with at most: a picture tells of two seconds' pulses at once. */
const BEHIND = 6;

/** A flash for each pulse, as far as eyes may be shown them: what is faster than that is as fast. */
function Lamp({ light: { name, pulses } }: { readonly light: Light }) {
  const [shown, setShown] = useState(pulses);
  const at = useRef(0);
  useEffect(() => {
    if (shown === pulses) return undefined;
    const wait = Math.max(0, at.current + FLASH_MS - performance.now());
    const timer = setTimeout(() => {
      at.current = performance.now();
      // A meter that began anew counts from zero.
      setShown(shown > pulses ? pulses : Math.max(shown + 1, pulses - BEHIND));
    }, wait);
    return () => clearTimeout(timer);
  }, [pulses, shown]);
  return (
    <p class="lamp">
      <svg viewBox="0 0 12 12" aria-hidden="true">
        <circle cx={6} cy={6} r={5} />
        {/* Another key is another flash. */}
        <circle key={shown} cx={6} cy={6} r={5} class={shown === 0 ? undefined : "flash"} />
      </svg>
      {name}: {pulses}
    </p>
  );
}

/** With Ctrl, Alt or Meta a key is the browser's, or somebody's shortcut. */
const isShortcut = (event: KeyboardEvent): boolean => event.ctrlKey || event.altKey || event.metaKey;
/** Keys that a browser's button has of its own. */
const isOfButton = ({ key }: KeyboardEvent): boolean => key === "Enter" || key === " ";

/** The hands of who looks at this page. */
interface Hands {
  press(control: Control): void;
  /** Of a button that this page does not hold, nothing. */
  release(name: string): void;
}

interface ButtonProps {
  readonly control: Control;
  readonly picture: Picture;
  readonly mayTouch: boolean;
  readonly hands: Hands;
}

/** The place of a control on the face. */
function placeOf({ at: [column, row, columns = 1] }: Control): { gridColumn: string; gridRow: string } {
  return { gridColumn: `${column} / span ${columns}`, gridRow: String(row) };
}

function Flap({ control, picture, mayTouch, hands }: ButtonProps) {
  const stop = (event: KeyboardEvent): void => {
    // Enter and the space bar are this button's own here, and no key of the panel.
    if (isOfButton(event)) event.stopPropagation();
  };
  return (
    <button
      type="button"
      disabled={!mayTouch}
      style={placeOf(control)}
      aria-expanded={picture.open.includes(control.name)}
      aria-keyshortcuts={control.key}
      onKeyDown={stop}
      onKeyUp={stop}
      onClick={() => hands.press(control)}
    >
      {control.label}
    </button>
  );
}

function Button({ control, picture: { held, open }, mayTouch, hands }: ButtonProps) {
  const { name, label, behind } = control;
  const own = useRef<HTMLButtonElement>(null);
  const isShut = behind !== undefined && !open.includes(behind);
  const isDown = held.includes(name);
  useLayoutEffect(() => {
    // Who is at a button that cannot be pressed any more is still at the panel, whose keys go on counting.
    if (isShut && document.activeElement === own.current) own.current?.closest<HTMLElement>(".front")?.focus();
  }, [isShut]);
  return (
    <button
      ref={own}
      type="button"
      style={placeOf(control)}
      class={isDown ? "down" : undefined}
      disabled={!mayTouch || isShut}
      aria-pressed={isDown}
      aria-keyshortcuts={control.key}
      onPointerDown={({ currentTarget, pointerId, button }) => {
        // A finger, a pen, or the left button of a mouse.
        if (button !== 0) return;
        currentTarget.setPointerCapture(pointerId);
        hands.press(control);
      }}
      onPointerUp={() => hands.release(name)}
      onPointerCancel={() => hands.release(name)}
      onBlur={() => hands.release(name)}
      onKeyDown={(event) => {
        if (!isOfButton(event) || isShortcut(event)) return;
        event.preventDefault();
        event.stopPropagation();
        if (!event.repeat) hands.press(control);
      }}
      onKeyUp={(event) => {
        if (!isOfButton(event)) return;
        event.stopPropagation();
        hands.release(name);
      }}
    >
      {label}
    </button>
  );
}

/**
 * Whether there are keys to speak of. A device whose pointers are fingers alone may have some nevertheless: the first that is pressed shows it.
 * A keyboard on the screen does not say which key it is.
 */
function useHasKeys(): boolean {
  const [has, setHas] = useState(() => matchMedia("(any-hover: hover)").matches);
  useEffect(() => {
    if (has) return undefined;
    const look = ({ code }: KeyboardEvent): void => {
      if (code !== "") setHas(true);
    };
    addEventListener("keydown", look);
    return () => removeEventListener("keydown", look);
  }, [has]);
  return has;
}

function Keys({ controls }: { readonly controls: readonly Control[] }) {
  const hasKeys = useHasKeys();
  if (!hasKeys) return null;
  return <p class="keys">{say(panelTexts.keys, { keys: keyWords(controls).join(" \u00a0 ") })}</p>;
}

export function FrontPanel({ link }: { readonly link: PanelLink }) {
  const picture = link.picture.value;
  return picture === undefined ? null : <Face link={link} picture={picture} />;
}

function Face({ link, picture }: { readonly link: PanelLink; readonly picture: Picture }) {
  const controls = link.controls.value;
  /** Buttons that this page holds down, and which by a key: one that comes up may be called otherwise than when it went down. */
  const down = useRef(new Set<string>());
  const byKey = useRef(new Map<string, string>());
  const isPressed = useRef(false);
  const said = useSaid(link, picture, isPressed);
  const mayTouch = visitor.value?.role !== "viewer";
  const hands: Hands = {
    press({ name, kind }) {
      link.touch("press", name);
      isPressed.current = true;
      if (kind === "button") down.current.add(name);
    },
    release(name) {
      if (down.current.delete(name)) link.touch("release", name);
    },
  };
  return (
    // Keys count while the panel, or one of its buttons, has the focus.
    <div
      class="front"
      role="group"
      aria-label={say(panelTexts.title)}
      tabIndex={0}
      onKeyDown={(event) => {
        if (!mayTouch || event.repeat || isShortcut(event)) return;
        const control = controlOfKey(controls, event.key);
        if (control === undefined) return;
        event.preventDefault();
        byKey.current.set(event.code, control.name);
        hands.press(control);
      }}
      onKeyUp={({ code }) => {
        const name = byKey.current.get(code);
        byKey.current.delete(code);
        if (name !== undefined) hands.release(name);
      }}
      onFocusOut={({ currentTarget, relatedTarget }) => {
        // Whoever leaves does not see keys come up any more.
        if (relatedTarget instanceof Node && currentTarget.contains(relatedTarget)) return;
        for (const name of byKey.current.values()) hands.release(name);
        byKey.current.clear();
      }}
    >
      <div class={link.isLost.value ? "case old" : "case"} lang="en">
        {/* A drawing whose words are these; the announcements below are of what changes. */}
        <div class="display" role="img" aria-label={panelWords(picture)}>
          <Display display={picture.display} />
        </div>
        <div class="lamps">
          {picture.lights.map((light) => (
            <Lamp key={light.name} light={light} />
          ))}
        </div>
        <div class="buttons">
          {controls.map((control) => {
            const props = { control, picture, mayTouch, hands };
            return control.kind === "flap" ? (
              <Flap key={control.name} {...props} />
            ) : (
              <Button key={control.name} {...props} />
            );
          })}
        </div>
      </div>
      <p class="hidden" aria-live="polite" lang="en">
        {said}
      </p>
      {link.isLost.value ? <Notice kind="quiet">{say(panelTexts.lost)}</Notice> : null}
      {link.trouble.value === undefined ? null : <Notice kind="trouble">{link.trouble.value}</Notice>}
      {mayTouch ? <Keys controls={controls} /> : <p class="keys">{say(panelTexts.lookOnly)}</p>}
    </div>
  );
}
