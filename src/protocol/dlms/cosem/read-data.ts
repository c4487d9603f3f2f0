/** What comes of values that clients send: of another shape undefined. */
import type { Data } from "#protocol/dlms/data/data.ts";
import { DATE_TIME_LENGTH, dateTimeOf, type DateTime } from "#protocol/dlms/data/date-time.ts";

/** Members of a structure that has so many. */
export function membersOf(data: Data, count: number): readonly Data[] | undefined {
  return data.type === "structure" && data.value.length === count ? data.value : undefined;
}

/** Whole numbers, of whatever width: clients do not agree on it. */
export function wholeOf(data: Data): number | undefined {
  switch (data.type) {
    case "double-long":
    case "double-long-unsigned":
    case "long":
    case "long-unsigned":
    case "integer":
    case "unsigned":
    case "enum":
      return data.value >= 0 ? data.value : undefined;
    case "long64":
    case "long64-unsigned":
      return data.value >= 0n ? Number(data.value) : undefined;
    default:
      return undefined;
  }
}

/** A date and time, which clients send as octets or as the type that has its name. */
export function timeIn(data: Data): DateTime | undefined {
  const isTime = data.type === "octet-string" || data.type === "date-time";
  return isTime && data.value.length === DATE_TIME_LENGTH ? dateTimeOf(data.value) : undefined;
}
