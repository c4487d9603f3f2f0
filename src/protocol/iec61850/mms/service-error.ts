/** Why a confirmed service was not done (ISO 9506-2, 7.5.2, ServiceError). */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import { WireError } from "#wire/cursor.ts";

/** Classes of errors, by their numbers. */
export const errorClasses = {
  vmdState: 0,
  applicationReference: 1,
  definition: 2,
  resource: 3,
  service: 4,
  servicePreempt: 5,
  timeResolution: 6,
  access: 7,
  initiate: 8,
  conclude: 9,
  cancel: 10,
  file: 11,
  others: 12,
} as const;
export type ErrorClass = keyof typeof errorClasses;

export const definitionErrors = {
  other: 0,
  objectUndefined: 1,
  invalidAddress: 2,
  typeUnsupported: 3,
  typeInconsistent: 4,
  objectExists: 5,
  objectAttributeInconsistent: 6,
} as const;
export const resourceErrors = {
  other: 0,
  memoryUnavailable: 1,
  processorResourceUnavailable: 2,
  massStorageUnavailable: 3,
  capabilityUnavailable: 4,
  capabilityUnknown: 5,
} as const;
export const serviceErrors = {
  other: 0,
  primitivesOutOfSequence: 1,
  objectStateConflict: 2,
  continuationInvalid: 4,
  objectConstraintConflict: 5,
} as const;
export const accessClassErrors = {
  other: 0,
  objectAccessUnsupported: 1,
  objectNonExistent: 2,
  objectAccessDenied: 3,
  objectInvalidated: 4,
} as const;
export const fileErrors = {
  other: 0,
  filenameAmbiguous: 1,
  fileBusy: 2,
  filenameSyntaxError: 3,
  contentTypeInvalid: 4,
  positionInvalid: 5,
  fileAccessDenied: 6,
  fileNonExistent: 7,
  duplicateFilename: 8,
  insufficientSpaceInFilestore: 9,
} as const;

export interface ServiceError {
  readonly class: ErrorClass;
  /** Of its class. */
  readonly code: number;
  readonly additionalCode?: number | undefined;
  readonly description?: string | undefined;
}

const classNames = Object.keys(errorClasses) as ErrorClass[];

/** Of the element that the reader has found. */
export function decodeServiceError(reader: BerReader): ServiceError {
  const inner = reader.inner();
  const within = inner.expect(0xa0, "a class of errors").inner();
  if (!within.next()) throw new WireError("an error of no class", within.at);
  const name = classNames[within.tag - 0x80];
  if (name === undefined) throw new WireError(`no class of errors has tag ${within.tag.toString(16)}`, within.from);
  let error: ServiceError = { class: name, code: within.integer() };
  while (inner.next()) {
    if (inner.tag === 0x81) error = { ...error, additionalCode: inner.integer() };
    else if (inner.tag === 0x82) error = { ...error, description: inner.latin1() };
  }
  return error;
}

/** With the tag that it has where it stands. */
export function encodeServiceError(out: BerWriter, tag: number, error: ServiceError): void {
  const mark = out.written;
  if (error.description !== undefined) out.latin1(0x82, error.description);
  if (error.additionalCode !== undefined) out.integer(0x81, error.additionalCode);
  const before = out.written;
  out
    .integer(0x80 + errorClasses[error.class], error.code)
    .wrap(0xa0, before)
    .wrap(tag, mark);
}
