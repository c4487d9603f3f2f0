/** What a table of events says of each, behind its start. */
import type { PlacedEvent } from "./event-choice.ts";
import { classText, floorText, iticText, kindText, lastedText, percentText, phasesText } from "./event-words.ts";
import { say } from "./language.ts";
import { eventTexts as texts } from "./texts/events.ts";

export function eventHeads(): readonly (readonly [string])[] {
  const said = [texts.start, texts.kind, texts.phase, texts.residual, texts.lasted, texts.class];
  return [...said.map((text) => [say(text)] as const), ["ITIC"], ["SEMI F47"]];
}

export function eventCells(event: PlacedEvent): readonly string[] {
  return [
    kindText(event.kind),
    phasesText(event),
    percentText(event),
    lastedText(event.seconds),
    classText(event),
    iticText(event),
    floorText(event.places.f47?.passes),
  ];
}
