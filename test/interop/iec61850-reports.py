"""libiec61850's client takes reports of a server and operates its outputs, told line by line; it prints what comes as JSON."""

import ctypes as c
import json
import os
import sys

import pyiec61850.pyiec61850 as m
from libiec61850 import function, identified, pointer

port = int(sys.argv[1])
ied = None

error_of = c.POINTER(c.c_int)
OnReport = c.CFUNCTYPE(None, pointer, pointer)
OnTermination = c.CFUNCTYPE(None, pointer, pointer)


class ApplError(c.Structure):
    _fields_ = [("number", c.c_int), ("error", c.c_int), ("cause", c.c_int)]


connection_create = function("IedConnection_create", pointer)
connection_connect = function("IedConnection_connect", None, pointer, error_of, c.c_char_p, c.c_int)
connection_abort = function("IedConnection_abort", None, pointer, error_of)
connection_report = function("IedConnection_installReportHandler", None, pointer, c.c_char_p, c.c_char_p, OnReport, pointer)
connection_interrogate = function("IedConnection_triggerGIReport", None, pointer, error_of, c.c_char_p)
block_create = function("ClientReportControlBlock_create", pointer, c.c_char_p)
block_read = function("IedConnection_getRCBValues", pointer, pointer, error_of, c.c_char_p, pointer)
block_write = function("IedConnection_setRCBValues", None, pointer, error_of, pointer, c.c_uint32, c.c_bool)
block_id = function("ClientReportControlBlock_getRptId", c.c_char_p, pointer)
block_set_entry = function("ClientReportControlBlock_setEntryId", None, pointer, pointer)
block_set_enabled = function("ClientReportControlBlock_setRptEna", None, pointer, c.c_bool)
report_values = function("ClientReport_getDataSetValues", pointer, pointer)
report_reason = function("ClientReport_getReasonForInclusion", c.c_int, pointer, c.c_int)
report_entry = function("ClientReport_getEntryId", pointer, pointer)
report_id = function("ClientReport_getRptId", c.c_char_p, pointer)
report_sequence = function("ClientReport_getSeqNum", c.c_uint16, pointer)
report_overflow = function("ClientReport_getBufOvfl", c.c_bool, pointer)
report_has_overflow = function("ClientReport_hasBufOvfl", c.c_bool, pointer)
report_set = function("ClientReport_getDataSetName", c.c_char_p, pointer)
report_time = function("ClientReport_getTimestamp", c.c_uint64, pointer)
report_has_time = function("ClientReport_hasTimestamp", c.c_bool, pointer)
report_revision = function("ClientReport_getConfRev", c.c_uint32, pointer)
reason_text = function("ReasonForInclusion_getValueAsString", c.c_char_p, c.c_int)
control_create = function("ControlObjectClient_create", pointer, c.c_char_p, pointer)
control_origin = function("ControlObjectClient_setOrigin", None, pointer, c.c_char_p, c.c_int)
control_model = function("ControlObjectClient_getControlModel", c.c_int, pointer)
control_select = function("ControlObjectClient_select", c.c_bool, pointer)
control_select_with = function("ControlObjectClient_selectWithValue", c.c_bool, pointer, pointer)
control_operate = function("ControlObjectClient_operate", c.c_bool, pointer, pointer, c.c_uint64)
control_error = function("ControlObjectClient_getLastApplError", ApplError, pointer)
control_termination = function("ControlObjectClient_setCommandTerminationHandler", None, pointer, OnTermination, pointer)
value_type = function("MmsValue_getType", c.c_int, pointer)
value_size = function("MmsValue_getArraySize", c.c_uint32, pointer)
value_element = function("MmsValue_getElement", pointer, pointer, c.c_int)
value_boolean = function("MmsValue_getBoolean", c.c_bool, pointer)
value_integer = function("MmsValue_toInt64", c.c_int64, pointer)
value_type_text = function("MmsValue_getTypeString", c.c_char_p, pointer)
octets_size = function("MmsValue_getOctetStringSize", c.c_uint16, pointer)
octets_get = function("MmsValue_getOctetStringOctet", c.c_uint8, pointer, c.c_int)
octets_set = function("MmsValue_setOctetStringOctet", None, pointer, c.c_int, c.c_uint8)
octets_create = function("MmsValue_newOctetString", pointer, c.c_int, c.c_int)
boolean_create = function("MmsValue_newBoolean", pointer, c.c_bool)


def say(what, found):
    # In one piece: reports are told on a thread of the library's.
    os.write(1, (json.dumps({"what": what, "is": found}) + "\n").encode())


def plain(value):
    kind = value_type(value)
    if kind in (m.MMS_STRUCTURE, m.MMS_ARRAY):
        return [plain(value_element(value, k)) for k in range(value_size(value))]
    if kind == m.MMS_BOOLEAN:
        return value_boolean(value)
    if kind in (m.MMS_INTEGER, m.MMS_UNSIGNED):
        return value_integer(value)
    return value_type_text(value).decode()


def asked(call, *arguments):
    """The error that a function leaves where it is told to."""
    error = c.c_int(0)
    call(ied, error, *arguments)
    return error.value


def octets(value):
    return bytes(octets_get(value, k) for k in range(octets_size(value))).hex()


@OnReport
def reported(_, report):
    values = report_values(report)
    members = []
    for k in range(value_size(values)):
        why = report_reason(report, k)
        if why != m.IEC61850_REASON_NOT_INCLUDED:
            members.append([k, plain(value_element(values, k)), reason_text(why).decode()])
    entry = report_entry(report)
    say(
        "report",
        {
            "id": report_id(report).decode(),
            "sequence": report_sequence(report),
            "overflow": report_overflow(report) if report_has_overflow(report) else None,
            "set": report_set(report).decode(),
            "time": report_time(report) if report_has_time(report) else None,
            "revision": report_revision(report),
            "entry": octets(entry) if entry else None,
            "members": members,
        },
    )


@OnTermination
def terminated(_, control):
    error = control_error(control)
    say("termination", [error.error, error.cause])


def connect():
    global ied
    ied = connection_create()
    connected = asked(connection_connect, b"127.0.0.1", port)
    if connected == m.IED_ERROR_OK:
        identified(ied)
    say("connected", connected)


def enable(reference, behind=None):
    name = reference.encode()
    block = block_create(name)
    asked(block_read, name, block)
    connection_report(ied, name, block_id(block), reported, None)
    mask = m.RCB_ELEMENT_RPT_ENA
    if behind is not None:
        value = octets_create(8, 8)
        for k, octet in enumerate(bytes.fromhex(behind)):
            octets_set(value, k, octet)
        block_set_entry(block, value)
        mask |= m.RCB_ELEMENT_ENTRY_ID
    block_set_enabled(block, True)
    say("enabled", asked(block_write, block, mask, True))


def interrogate(reference):
    say("interrogated", asked(connection_interrogate, reference.encode()))


def operate(reference, value):
    control = control_create(reference.encode(), ied)
    control_origin(control, b"libiec61850", 2)
    model = control_model(control)
    wanted = boolean_create(value == "true")
    if model in (3, 4):
        control_termination(control, terminated, None)
    selected = None
    if model == 2:
        selected = control_select(control)
    if model == 4:
        selected = control_select_with(control, wanted)
    done = control_operate(control, wanted, 0)
    error = control_error(control)
    say("operated", {"model": model, "selected": selected, "done": done, "error": [error.error, error.cause]})


def drop():
    asked(connection_abort)


commands = {"connect": connect, "enable": enable, "interrogate": interrogate, "operate": operate, "drop": drop}
say("ready", None)
for line in sys.stdin:
    name, *words = line.split()
    if name == "end":
        break
    commands[name](*words)
    say("done", name)
os._exit(0)
