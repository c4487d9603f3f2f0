/** Where a section stands: its name among the others, and what is there while it is loaded, cannot be, or may not be. */
import { useEffect, useState } from "preact/hooks";
import type { ComponentType } from "preact";
import { hashOf } from "./address.ts";
import { say } from "./language.ts";
import { Notice } from "./notice.tsx";
import { isOpen } from "./sections.ts";
import { visitor } from "./site.ts";
import { frame } from "./texts/frame.ts";
import type { Text } from "#quantity/text.ts";

interface Named {
  readonly id: string;
  readonly title: Text;
  readonly takes?: "operator" | "owner";
}

interface SectionsProps {
  readonly label: string;
  readonly meter: string | undefined;
  readonly shown: string;
  readonly of: readonly Named[];
}

/** The sections to go to; none where there is but one. */
export function SectionLinks({ label, meter, shown, of }: SectionsProps) {
  const open = of.filter((one) => isOpen(one, visitor.value?.role));
  if (open.length < 2) return null;
  return (
    <nav class="sections" aria-label={label}>
      {open.map(({ id, title }) => (
        <a key={id} href={hashOf({ meter, section: id })} aria-current={id === shown ? "page" : undefined}>
          {say(title)}
        </a>
      ))}
    </nav>
  );
}

interface LoadedProps<P> {
  readonly section: {
    readonly takes?: "operator" | "owner";
    readonly load: () => Promise<{ readonly Section: ComponentType<P> }>;
  };
  readonly props: P;
}

/** A section, which is asked for when it is first shown. Another section is another place: give it a key. */
export function LoadedSection<P extends object>({ section, props }: LoadedProps<P>) {
  const [state, setState] = useState<"loading" | "failed" | { readonly Section: ComponentType<P> }>("loading");
  const mayBe = isOpen(section, visitor.value?.role);
  const load = (): void => {
    setState("loading");
    void section.load().then(
      ({ Section }) => setState({ Section }),
      () => setState("failed"),
    );
  };
  useEffect(() => {
    if (mayBe) load();
  }, [section, mayBe]);
  if (!mayBe) return <Notice>{say(frame.notYours, { role: section.takes ?? "" })}</Notice>;
  if (state === "loading") return <Notice>{say(frame.loading)}</Notice>;
  if (state !== "failed") return <state.Section {...props} />;
  return (
    <Notice kind="trouble">
      {say(frame.notLoaded)}
      <button type="button" onClick={load}>
        {say(frame.again)}
      </button>
    </Notice>
  );
}
