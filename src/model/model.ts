/** What a model file says: who made the meter, what is inside, and how it presents itself. Data, not code. */
import type { InstrumentDesign } from "#quantity/instrument-design.ts";
import type { ModbusFace } from "#protocol/modbus/register-table.ts";

export interface MeterModel {
  /** As site files name it: "leviton-s4100". */
  readonly name: string;
  readonly title: string;
  readonly manual: string;
  readonly manufacturer: string;
  readonly product: string;
  /** Text of the options as identification registers have it, with and without logging. */
  readonly options: { readonly plain: string; readonly logging: string };
  /** Firmware unless the site says otherwise: xx * 1000 + yyy. */
  readonly firmware: number;
  readonly instrument: InstrumentDesign;
  readonly modbus: ModbusFace;
  /** What opens the registers at its front panel, of a product that asks for it there and has no setting for it: its factory's password. */
  readonly panelPassword?: string;
}
