/** Words for numbers of DLMS/COSEM, as the Blue Book has them, where what decodes has only numbers. */
import { conformanceBits } from "#protocol/dlms/cosem/logical-device.ts";

/** Interface classes and their attributes from 2 on: 1 is the logical name of all. */
const classes: Readonly<Record<number, readonly [name: string, ...attributes: readonly string[]]>> = {
  1: ["data", "value"],
  3: ["register", "value", "scaler_unit"],
  4: ["extended register", "value", "scaler_unit", "status", "capture_time"],
  5: [
    "demand register",
    "current_average_value",
    "last_average_value",
    "scaler_unit",
    "status",
    "capture_time",
    "start_time_current",
    "period",
    "number_of_periods",
  ],
  6: ["register activation", "register_assignment", "mask_list", "active_mask"],
  7: [
    "profile generic",
    "buffer",
    "capture_objects",
    "capture_period",
    "sort_method",
    "sort_object",
    "entries_in_use",
    "profile_entries",
  ],
  8: [
    "clock",
    "time",
    "time_zone",
    "status",
    "daylight_savings_begin",
    "daylight_savings_end",
    "daylight_savings_deviation",
    "daylight_savings_enabled",
    "clock_base",
  ],
  9: ["script table", "scripts"],
  11: ["special days table", "entries"],
  15: [
    "association LN",
    "object_list",
    "associated_partners_id",
    "application_context_name",
    "xDLMS_context_info",
    "authentication_mechanism_name",
    "secret",
    "association_status",
    "security_setup_reference",
    "user_list",
    "current_user",
  ],
  17: ["SAP assignment", "SAP_assignment_list"],
  18: [
    "image transfer",
    "image_block_size",
    "image_transferred_blocks_status",
    "image_first_not_transferred_block_number",
    "image_transfer_enabled",
    "image_transfer_status",
    "image_to_activate_info",
  ],
  20: [
    "activity calendar",
    "calendar_name_active",
    "season_profile_active",
    "week_profile_table_active",
    "day_profile_table_active",
    "calendar_name_passive",
    "season_profile_passive",
    "week_profile_table_passive",
    "day_profile_table_passive",
    "activate_passive_calendar_time",
  ],
  21: ["register monitor", "thresholds", "monitored_value", "actions"],
  22: ["single action schedule", "executed_script", "type", "execution_time"],
  23: ["IEC HDLC setup"],
  40: ["push setup", "push_object_list", "send_destination_and_method", "communication_window"],
  41: ["TCP-UDP setup"],
  42: ["IPv4 setup"],
  43: ["MAC address setup"],
  62: ["compact data", "compact_buffer", "capture_objects", "template_id", "template_description", "capture_method"],
  64: [
    "security setup",
    "security_policy",
    "security_suite",
    "client_system_title",
    "server_system_title",
    "certificates",
  ],
  70: ["disconnect control", "output_state", "control_state", "control_mode"],
  71: ["limiter"],
  100: ["NTP setup"],
};

/** "3, register". */
export function classText(id: number): string {
  const name = classes[id]?.[0];
  return name === undefined ? String(id) : `${id}, ${name}`;
}

/** "2, value". */
export function attributeText(classId: number, attribute: number): string {
  if (attribute === 0) return "0, all of them";
  const name = attribute === 1 ? "logical_name" : classes[classId]?.[attribute - 1];
  return name === undefined ? String(attribute) : `${attribute}, ${name}`;
}

/** Invoke-Id-And-Priority. */
export function invokeText(invoke: number): string {
  return [
    `id ${invoke & 0x0f}`,
    (invoke & 0x40) === 0 ? "unconfirmed" : "confirmed",
    ...priority((invoke & 0x80) !== 0),
  ].join(", ");
}

/** Long-Invoke-Id-And-Priority. */
export function longInvokeText(invoke: number): string {
  const words = [`id ${invoke & 0x00ffffff}`, (invoke & 0x40000000) === 0 ? "unconfirmed" : "confirmed"];
  return [...words, ...priority(invoke >>> 31 === 1)].join(", ");
}

function priority(isHigh: boolean): readonly string[] {
  return isHigh ? ["high priority"] : [];
}

/** Bits that only servers of short names have. */
const shortNameBits = {
  read: 3,
  write: 4,
  "unconfirmed-write": 5,
  "delta-value-encoding": 6,
  "information-report": 15,
  "parameterized-access": 18,
} as const;
const services = [...Object.entries(conformanceBits), ...Object.entries(shortNameBits)].toSorted(
  ([, a], [, b]) => a - b,
);

/** Names of the bits that are set, of 24. */
export function conformanceText(bits: number): string {
  const names = services.filter(([, bit]) => bits & (1 << (23 - bit))).map(([name]) => name);
  return names.length === 0 ? "nothing" : names.join(", ");
}

const ports: Readonly<Record<number, string>> = {
  0: "no station",
  1: "management: a client's, or the logical device",
  16: "public client",
};

/** A wrapper port, or what HDLC's upper address is: who talks. */
export function portText(port: number): string {
  const name = ports[port];
  return name === undefined ? String(port) : `${port}, ${name}`;
}
