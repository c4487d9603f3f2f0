/** The place of a meter's front panel on the page: it is drawn by a part of the page of its own, which is loaded when somebody asks. */
import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { say } from "./language.ts";
import { Panel } from "./panel.tsx";
import type { PanelLink } from "./panel-link.ts";
import { panelTexts } from "./texts/panels.ts";

interface Shown {
  readonly link: PanelLink;
  readonly FrontPanel: ComponentType<{ readonly link: PanelLink }>;
}

type State = "shut" | "loading" | "none" | Shown;

async function load(meter: string): Promise<Shown | undefined> {
  const [{ FrontPanel }, { PanelLink: Link }] = await Promise.all([
    import("./front-panel.tsx"),
    import("./panel-link.ts"),
  ]);
  const link = new Link(meter);
  return (await link.begin()) ? { link, FrontPanel } : undefined;
}

export function FrontPanelSection({ name }: { readonly name: string }) {
  const [state, setState] = useState<State>("shut");
  const isShown = typeof state === "object";
  // Another meter has another; whoever goes away looks no more.
  useEffect(() => () => (isShown ? state.link.end() : undefined), [state]);
  const open = (): void => {
    setState("loading");
    void load(name).then(
      (shown) => setState(shown ?? "none"),
      () => setState("shut"),
    );
  };
  const aside = (
    <button type="button" aria-expanded={isShown} onClick={() => (isShown ? setState("shut") : open())}>
      {say(isShown ? panelTexts.close : panelTexts.show)}
    </button>
  );
  return (
    <Panel id="front" title={say(panelTexts.title)} aside={aside}>
      {isShown ? <state.FrontPanel link={state.link} /> : null}
      {state === "none" ? <p>{say(panelTexts.notKnown)}</p> : null}
    </Panel>
  );
}
