"""libiec61850's client, by pyiec61850-ng: walks through a server's whole model and more, and prints what it finds as JSON, line by line."""

import json
import os
import sys

import pyiec61850.pyiec61850 as m
from libiec61850 import identified

port, folder = int(sys.argv[1]), sys.argv[2]


def say(what, found):
    print(json.dumps({"what": what, "is": found}), flush=True)


def strings(found):
    all_of_it = []
    element = m.LinkedList_getNext(found) if found else None
    while element:
        all_of_it.append(m.toCharP(m.LinkedList_getData(element)))
        element = m.LinkedList_getNext(element)
    return all_of_it


def plain(value):
    kind = m.MmsValue_getType(value)
    if kind in (m.MMS_STRUCTURE, m.MMS_ARRAY):
        return [plain(m.MmsValue_getElement(value, k)) for k in range(m.MmsValue_getArraySize(value))]
    if kind == m.MMS_BOOLEAN:
        return m.MmsValue_getBoolean(value)
    if kind == m.MMS_FLOAT:
        return m.MmsValue_toDouble(value)
    if kind in (m.MMS_INTEGER, m.MMS_UNSIGNED):
        return m.MmsValue_toInt64(value)
    if kind in (m.MMS_VISIBLE_STRING, m.MMS_STRING):
        return m.MmsValue_toString(value)
    if kind == m.MMS_BIT_STRING:
        return {"bits": m.MmsValue_getBitStringSize(value), "set": m.MmsValue_getBitStringAsIntegerBigEndian(value)}
    if kind == m.MMS_UTC_TIME:
        return {"ms": m.MmsValue_getUtcTimeInMs(value), "quality": m.MmsValue_getUtcTimeQuality(value)}
    if kind == m.MMS_OCTET_STRING:
        return {"octets": [m.MmsValue_getOctetStringOctet(value, k) for k in range(m.MmsValue_getOctetStringSize(value))]}
    if kind == m.MMS_DATA_ACCESS_ERROR:
        return {"error": m.MmsValue_getDataAccessError(value)}
    return {"type": m.MmsValue_getTypeString(value)}


def fits(connection, error, domain, item, value):
    """Whether the value is of the type that the server says the variable is of."""
    spec = m.MmsConnection_getVariableAccessAttributes(connection, error, domain, item)
    if not spec:
        return m.MmsError_getValue(error)
    fine = m.MmsVariableSpecification_isValueOfType(spec, value)
    m.MmsVariableSpecification_destroy(spec)
    return fine


ied = m.IedConnection_create()
error = m.IedConnection_connect(ied, "127.0.0.1", port)
say("connected", error)
mms = m.IedConnection_getMmsConnection(ied)
trouble = m.MmsError_create()

say("identity", identified(int(ied)))

[devices, error] = m.IedConnection_getLogicalDeviceList(ied)
for device in strings(devices):
    names = strings(m.MmsConnection_getDomainVariableNames(mms, trouble, device))
    say("names", names)
    values = {}
    strange = []
    for name in names:
        value = m.MmsConnection_readVariable(mms, trouble, device, name)
        if not value:
            strange.append([name, m.MmsError_getValue(trouble)])
            continue
        if not fits(mms, trouble, device, name, value):
            strange.append([name, "is not of its type"])
        if m.MmsValue_getType(value) not in (m.MMS_STRUCTURE, m.MMS_ARRAY):
            values[name] = plain(value)
        elif m.MmsValue_getType(value) == m.MMS_ARRAY:
            values[name] = plain(value)
        m.MmsValue_delete(value)
    say("values", values)
    say("strange", strange)
    [nodes, error] = m.IedConnection_getLogicalDeviceDirectory(ied, device)
    say("nodes", strings(nodes))
    sets = {}
    for name in strings(m.MmsConnection_getDomainVariableListNames(mms, trouble, device)):
        read = m.MmsConnection_readNamedVariableListValues(mms, trouble, device, name, True)
        sets[name] = plain(read) if read else m.MmsError_getValue(trouble)
    say("sets", sets)

reference = "JEM01MTR/MHAI1.HA.phsAHar(7).cVal.mag.f"
[value, error] = m.IedConnection_readFloatValue(ied, reference, m.IEC61850_FC_MX)
say("element", [value, error])

say("write", m.IedConnection_writeUnsigned32Value(ied, "JEM01MTR/MMXU1.TotW.db", m.IEC61850_FC_CF, 250))
say("write a measurement", m.IedConnection_writeFloatValue(ied, "JEM01MTR/MMXU1.TotW.mag.f", m.IEC61850_FC_MX, 1.0))
say("read nothing", m.IedConnection_readFloatValue(ied, "JEM01MTR/MMXU1.TotW.nothing", m.IEC61850_FC_MX)[1])

members = m.LinkedList_create()
for member in ("JEM01MTR/MMXU1.TotW.mag.f[MX]", "JEM01MTR/MMXU1.TotW.q[MX]"):
    m.LinkedList_addStringCopy(members, member)
for name in ("JEM01MTR/LLN0.Mine", "@Mine"):
    made = m.IedConnection_createDataSet(ied, name, members)
    if name.startswith("@"):
        read = m.MmsConnection_readNamedVariableListValuesAssociationSpecific(mms, trouble, "Mine", True)
    else:
        read = m.MmsConnection_readNamedVariableListValues(mms, trouble, "JEM01MTR", "LLN0$Mine", True)
    found = plain(read) if read else m.MmsError_getValue(trouble)
    say("made", [name, made, found, m.IedConnection_deleteDataSet(ied, name)])
say("deleted", m.IedConnection_deleteDataSet(ied, "JEM01MTR/LLN0.Inst"))

[entries, error] = m.IedConnection_getFileDirectory(ied, "/")
files = []
element = m.LinkedList_getNext(entries) if entries else None
while element:
    entry = m.toFileDirectoryEntry(m.LinkedList_getData(element)) if hasattr(m, "toFileDirectoryEntry") else m.LinkedList_getData(element)
    try:
        files.append([m.FileDirectoryEntry_getFileName(entry), m.FileDirectoryEntry_getFileSize(entry), m.FileDirectoryEntry_getLastModified(entry)])
    except TypeError as trouble_of_binding:
        files.append(str(trouble_of_binding))
    element = m.LinkedList_getNext(element)
say("files", files)

say("download", m.MmsConnection_downloadFile(mms, trouble, "meter.cid", os.path.join(folder, "fetched.cid")))

with open(os.path.join(folder, "new.cid"), "wb") as file:
    file.write(b"<SCL/>" * 40_000)
m.IedConnection_setFilestoreBasepath(ied, folder + "/")
say("set", m.IedConnection_setFile(ied, "new.cid", "scl/new.cid"))
say("delete", m.IedConnection_deleteFile(ied, "meter.cid"))

m.IedConnection_release(ied)
m.IedConnection_destroy(ied)
