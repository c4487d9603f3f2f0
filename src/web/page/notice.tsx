/** What everybody who looks has to know, or what there is to say where there is nothing to show. */
import type { ComponentChildren } from "preact";

export function Notice({
  kind = "quiet",
  children,
}: {
  readonly kind?: "quiet" | "trouble";
  readonly children: ComponentChildren;
}) {
  return (
    <p class={`notice ${kind}`} role={kind === "trouble" ? "alert" : undefined}>
      {children}
    </p>
  );
}
