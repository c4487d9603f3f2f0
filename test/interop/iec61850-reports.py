"""libiec61850's client, by pyiec61850-ng: takes reports of a server and operates its outputs, told line by line; it prints what comes as JSON."""

import json
import sys

import pyiec61850.pyiec61850 as m

port = int(sys.argv[1])
ied = None
kept = []


def say(what, found):
    print(json.dumps({"what": what, "is": found}), flush=True)


def plain(value):
    kind = m.MmsValue_getType(value)
    if kind in (m.MMS_STRUCTURE, m.MMS_ARRAY):
        return [plain(m.MmsValue_getElement(value, k)) for k in range(m.MmsValue_getArraySize(value))]
    if kind == m.MMS_BOOLEAN:
        return m.MmsValue_getBoolean(value)
    if kind in (m.MMS_INTEGER, m.MMS_UNSIGNED):
        return m.MmsValue_toInt64(value)
    return m.MmsValue_getTypeString(value)


def code(answer):
    """The error behind what a function gives besides, which is a list or a tuple of them."""
    while isinstance(answer, (list, tuple)):
        answer = answer[-1]
    return answer


def octets(value):
    return bytes(m.MmsValue_getOctetStringOctet(value, k) for k in range(m.MmsValue_getOctetStringSize(value))).hex()


class Handler(m.RCBHandler):
    def trigger(self):
        report = self._client_report
        values = m.ClientReport_getDataSetValues(report)
        members = []
        for k in range(m.MmsValue_getArraySize(values)):
            why = m.ClientReport_getReasonForInclusion(report, k)
            if why != m.IEC61850_REASON_NOT_INCLUDED:
                members.append([k, plain(m.MmsValue_getElement(values, k)), m.ReasonForInclusion_getValueAsString(why)])
        entry = m.ClientReport_getEntryId(report)
        say(
            "report",
            {
                "id": m.ClientReport_getRptId(report),
                "sequence": m.ClientReport_getSeqNum(report),
                "overflow": m.ClientReport_getBufOvfl(report) if m.ClientReport_hasBufOvfl(report) else None,
                "set": m.ClientReport_getDataSetName(report),
                "time": m.ClientReport_getTimestamp(report) if m.ClientReport_hasTimestamp(report) else None,
                "revision": m.ClientReport_getConfRev(report),
                "entry": octets(entry) if entry else None,
                "members": members,
            },
        )


class Ended(m.CommandTermHandler):
    def trigger(self):
        client = self._libiec61850_control_object_client
        error = m.ControlObjectClient_getLastApplError(client)
        say("termination", [error.error, error.addCause])


def connect():
    global ied
    ied = m.IedConnection_create()
    say("connected", code(m.IedConnection_connect(ied, "127.0.0.1", port)))


def enable(reference, behind=None):
    rcb = m.ClientReportControlBlock_create(reference)
    m.IedConnection_getRCBValues(ied, reference, rcb)
    handler = Handler()
    subscriber = m.RCBSubscriber()
    subscriber.setIedConnection(ied)
    subscriber.setRcbReference(reference)
    subscriber.setRcbRptId(m.ClientReportControlBlock_getRptId(rcb))
    subscriber.setEventHandler(handler)
    subscriber.subscribe()
    kept.append((handler, subscriber, rcb))
    mask = m.RCB_ELEMENT_RPT_ENA
    if behind is not None:
        value = m.MmsValue_newOctetString(8, 8)
        for k, octet in enumerate(bytes.fromhex(behind)):
            m.MmsValue_setOctetStringOctet(value, k, octet)
        m.ClientReportControlBlock_setEntryId(rcb, value)
        mask |= m.RCB_ELEMENT_ENTRY_ID
    m.ClientReportControlBlock_setRptEna(rcb, True)
    say("enabled", code(m.IedConnection_setRCBValues(ied, rcb, mask, True)))


def interrogate(reference):
    say("interrogated", code(m.IedConnection_triggerGIReport(ied, reference)))


def operate(reference, value):
    control = m.ControlObjectClient_create(reference, ied)
    m.ControlObjectClient_setOrigin(control, "libiec61850", 2)
    model = m.ControlObjectClient_getControlModel(control)
    wanted = m.MmsValue_newBoolean(value == "true")
    if model in (3, 4):
        handler = Ended()
        subscriber = m.CommandTermSubscriber()
        subscriber.setLibiec61850ControlObjectClient(control)
        subscriber.setEventHandler(handler)
        subscriber.subscribe()
        kept.append((handler, subscriber, control))
    selected = None
    if model == 2:
        selected = m.ControlObjectClient_select(control)
    if model == 4:
        selected = m.ControlObjectClient_selectWithValue(control, wanted)
    done = m.ControlObjectClient_operate(control, wanted, 0)
    error = m.ControlObjectClient_getLastApplError(control)
    say("operated", {"model": model, "selected": selected, "done": done, "error": [error.error, error.addCause]})


def drop():
    m.IedConnection_abort(ied)


commands = {"connect": connect, "enable": enable, "interrogate": interrogate, "operate": operate, "drop": drop}
say("ready", None)
for line in sys.stdin:
    name, *words = line.split()
    if name == "end":
        break
    commands[name](*words)
    say("done", name)
