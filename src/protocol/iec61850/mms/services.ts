/** Confirmed services, by their tags and names. */
import type { BerReader, BerWriter } from "#wire/ber.ts";
import type { FileCloseRequest, FileCloseResponse, FileOpenRequest, FileOpenResponse } from "./open-files.ts";
import type { FileReadRequest, FileReadResponse } from "./open-files.ts";
import { fileClose, fileOpen, fileRead } from "./open-files.ts";
import type { FileDeleteRequest, FileDeleteResponse, FileDirectoryRequest, FileDirectoryResponse } from "./files.ts";
import type { FileRenameRequest, FileRenameResponse, ObtainFileRequest, ObtainFileResponse } from "./files.ts";
import { fileDelete, fileDirectory, fileRename, obtainFile } from "./files.ts";
import type { InitializeJournalRequest, InitializeJournalResponse } from "./journal.ts";
import type { ReadJournalRequest, ReadJournalResponse } from "./journal.ts";
import { initializeJournal, readJournal } from "./journal.ts";
import type { NameListRequest, NameListResponse } from "./name-list.ts";
import { nameList } from "./name-list.ts";
import type { ReadRequest, ReadResponse } from "./read.ts";
import { read } from "./read.ts";
import type { Service } from "./service.ts";
import type { CapabilityListRequest, CapabilityListResponse, IdentifyRequest, IdentifyResponse } from "./status.ts";
import type { StatusRequest, StatusResponse } from "./status.ts";
import { capabilityList, identify, status } from "./status.ts";
import type { VariableAttributesRequest, VariableAttributesResponse } from "./variable-attributes.ts";
import { variableAttributes } from "./variable-attributes.ts";
import type { DefineListRequest, DefineListResponse, DeleteListRequest, DeleteListResponse } from "./variable-list.ts";
import type { ListAttributesRequest, ListAttributesResponse } from "./variable-list.ts";
import { defineList, deleteList, listAttributes } from "./variable-list.ts";
import type { WriteRequest, WriteResponse } from "./write.ts";
import { write } from "./write.ts";

export type Request =
  | StatusRequest
  | IdentifyRequest
  | CapabilityListRequest
  | NameListRequest
  | ReadRequest
  | WriteRequest
  | VariableAttributesRequest
  | DefineListRequest
  | ListAttributesRequest
  | DeleteListRequest
  | FileDirectoryRequest
  | FileOpenRequest
  | FileReadRequest
  | FileCloseRequest
  | FileRenameRequest
  | FileDeleteRequest
  | ObtainFileRequest
  | ReadJournalRequest
  | InitializeJournalRequest;

export type Response =
  | StatusResponse
  | IdentifyResponse
  | CapabilityListResponse
  | NameListResponse
  | ReadResponse
  | WriteResponse
  | VariableAttributesResponse
  | DefineListResponse
  | ListAttributesResponse
  | DeleteListResponse
  | FileDirectoryResponse
  | FileOpenResponse
  | FileReadResponse
  | FileCloseResponse
  | FileRenameResponse
  | FileDeleteResponse
  | ObtainFileResponse
  | ReadJournalResponse
  | InitializeJournalResponse;

export type ServiceName = Request["service"];

/** Each takes the requests and responses of its own name: who asks the table by a name gives it no other. */
type AnyService = Service<Request, Response>;

const services = {
  status,
  identify,
  getCapabilityList: capabilityList,
  getNameList: nameList,
  read,
  write,
  getVariableAccessAttributes: variableAttributes,
  defineNamedVariableList: defineList,
  getNamedVariableListAttributes: listAttributes,
  deleteNamedVariableList: deleteList,
  fileDirectory,
  fileOpen,
  fileRead,
  fileClose,
  fileRename,
  fileDelete,
  obtainFile,
  readJournal,
  initializeJournal,
} as const satisfies Record<ServiceName, unknown> as unknown as Readonly<Record<ServiceName, AnyService>>;

const all = Object.values(services);
const byRequestTag: ReadonlyMap<number, AnyService> = new Map(all.map((one) => [one.requestTag, one]));
const byResponseTag: ReadonlyMap<number, AnyService> = new Map(all.map((one) => [one.responseTag, one]));

/** The name of the service whose requests have a tag; undefined of those that are not known. */
export function serviceOfTag(requestTag: number): ServiceName | undefined {
  return byRequestTag.get(requestTag)?.service;
}

/** Of the element that the reader has found; undefined of a service that is not known. */
export function decodeService(reader: BerReader): Request | undefined {
  return byRequestTag.get(reader.tag)?.decodeRequest(reader);
}

export function encodeService(out: BerWriter, request: Request): void {
  services[request.service].encodeRequest(out, request);
}

/** Of the element that the reader has found; undefined of a service that is not known. */
export function decodeServiceResponse(reader: BerReader): Response | undefined {
  return byResponseTag.get(reader.tag)?.decodeResponse(reader);
}

export function encodeServiceResponse(out: BerWriter, response: Response): void {
  services[response.service].encodeResponse(out, response);
}
