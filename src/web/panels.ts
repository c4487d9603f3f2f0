/** Which model has which front panel: one without a row has none that is known. */
import { levitonPanels } from "#model/leviton-panel.ts";
import { registerPanels } from "#model/powerlogic-panel.ts";
import { jemstarPanel } from "#panel/jemstar/jemstar-panel.ts";
import { levitonPanel } from "#panel/leviton/leviton-panel.ts";
import type { SurfaceIdentity } from "#quantity/meter-surface.ts";
import type { MakePanel } from "#panel/panel.ts";
import { registerPanel } from "#panel/powerlogic/register-panel.ts";

export const panels: Readonly<Record<string, MakePanel>> = {
  "ametek-jemstar-ii": jemstarPanel,
  ...Object.fromEntries(Object.entries(levitonPanels).map(([model, menus]) => [model, levitonPanel(menus)])),
  ...Object.fromEntries(Object.entries(registerPanels).map(([model, design]) => [model, registerPanel(design)])),
};

/** Of a meter that is read, the panel is at the meter. */
export function hasPanel({ model, readFrom }: SurfaceIdentity): boolean {
  return readFrom === undefined && Object.hasOwn(panels, model);
}
