/** What a JEMStar II's configuration says of DNP3 (its section `dnp3`): Protocol Setup of Appendix A, and points of Appendix G. */
import type { AnalogPoint, CounterPoint } from "#product/points.ts";
import type {
  AnalogVariation,
  CounterVariation,
  EventClass,
  EventSettings,
  FrozenVariation,
  OutstationSettings,
} from "#protocol/dnp3/outstation/host.ts";
import type { BinaryPoint } from "#quantity/meter-surface.ts";

/** At the meter's terminals; `scaling` is that of 32 bits. */
export interface DnpAnalogPoint extends AnalogPoint {
  readonly scaling16: number;
  /** By how much its 32-bit value has changed when that is an event. */
  readonly deadband: number;
}

/** Events of one kind, which are on or not. */
export interface DnpEvents<Variation extends number> extends EventSettings<Variation> {
  readonly enabled: boolean;
  readonly class: EventClass;
}

export interface DnpConfiguration {
  readonly master?: number | undefined;
  readonly selfAddress: boolean;
  readonly link: OutstationSettings["link"];
  readonly applicationTimeoutMs: number;
  readonly inactivitySeconds: number;
  /** Until the time is asked for again; 0 is never but after a start. */
  readonly writeTimeHours: number;
  /** A written time that is so near the clock's leaves it alone. */
  readonly timeToleranceSeconds: number;
  readonly globalTimeSet: boolean;
  readonly class0: OutstationSettings["class0"];
  readonly counterDigits: "any" | number;
  readonly variations: {
    readonly binary: 1 | 2;
    readonly output: 1 | 2;
    readonly counter: CounterVariation;
    readonly frozen: FrozenVariation;
    readonly analog: AnalogVariation;
  };
  readonly events: {
    readonly frozen: DnpEvents<1 | 2 | 5 | 6>;
    readonly binary: DnpEvents<1 | 2 | 3>;
    readonly counter: DnpEvents<1 | 2 | 5 | 6>;
    readonly analog: DnpEvents<1 | 2 | 3 | 4 | 5 | 7>;
  };
  readonly unsolicited?: OutstationSettings["unsolicited"];
  readonly allowTimeSet: boolean;
  readonly allowFreeze: boolean;
  readonly allowRegisterPresets: boolean;
  readonly counters: readonly CounterPoint[];
  readonly analogs: readonly DnpAnalogPoint[];
  readonly binaries: readonly BinaryPoint[];
}
