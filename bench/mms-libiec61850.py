"""A server of libiec61850 (by pyiec61850-ng) with a model that is told as JSON on its input; the argument is its port."""

import json
import os
import sys

import pyiec61850.pyiec61850 as lib

TYPES = {
    "BOOLEAN": lib.IEC61850_BOOLEAN,
    "INT8": lib.IEC61850_INT8,
    "INT16": lib.IEC61850_INT16,
    "INT32": lib.IEC61850_INT32,
    "INT64": lib.IEC61850_INT64,
    "INT128": lib.IEC61850_INT64,
    "INT8U": lib.IEC61850_INT8U,
    "INT16U": lib.IEC61850_INT16U,
    "INT32U": lib.IEC61850_INT32U,
    "FLOAT32": lib.IEC61850_FLOAT32,
    "FLOAT64": lib.IEC61850_FLOAT64,
    "Enum": lib.IEC61850_ENUMERATED,
    "Dbpos": lib.IEC61850_CODEDENUM,
    "Check": lib.IEC61850_CHECK,
    "Quality": lib.IEC61850_QUALITY,
    "Timestamp": lib.IEC61850_TIMESTAMP,
    "Octet64": lib.IEC61850_OCTET_STRING_64,
    "VisString32": lib.IEC61850_VISIBLE_STRING_32,
    "VisString64": lib.IEC61850_VISIBLE_STRING_64,
    "VisString129": lib.IEC61850_VISIBLE_STRING_129,
    "VisString255": lib.IEC61850_VISIBLE_STRING_255,
    "Unicode255": lib.IEC61850_UNICODE_STRING_255,
}

floats = []


def attribute(of, parent):
    fc = getattr(lib, "IEC61850_FC_" + of["fc"])
    if "fields" in of:
        made = lib.DataAttribute_create(of["name"], parent, lib.IEC61850_CONSTRUCTED, fc, 0, 0, 0)
        for field in of["fields"]:
            attribute(field, lib.ModelNode_getChild(parent, of["name"]))
        return
    made = lib.DataAttribute_create(of["name"], parent, TYPES.get(of["type"], lib.IEC61850_INT32), fc, 0, 0, 0)
    if of["type"] == "FLOAT32" and of["fc"] == "MX":
        floats.append(made)


def data_object(of, parent):
    made = lib.toModelNode(lib.DataObject_create(of["name"], parent, 0))
    for inner in of["objects"]:
        data_object(inner, made)
    for one in of["attributes"]:
        attribute(one, made)


def main():
    wanted = json.loads(sys.stdin.readline())
    model = lib.IedModel_create(wanted["name"])
    first = None
    for device in wanted["devices"]:
        logical_device = lib.LogicalDevice_create(device["inst"], model)
        for node in device["nodes"]:
            logical_node = lib.LogicalNode_create(node["name"], logical_device)
            first = first or logical_node
            for one in node["objects"]:
                data_object(one, lib.toModelNode(logical_node))
    fifty = lib.DataSet_create("Fifty", first)
    for item in wanted["fifty"]:
        lib.DataSetEntry_create(fifty, item, -1, None)
    server = lib.IedServer_create(model)
    lib.IedServer_lockDataModel(server)
    for k, one in enumerate(floats):
        lib.IedServer_updateFloatAttributeValue(server, one, 230.5 + k)
    lib.IedServer_unlockDataModel(server)
    lib.IedServer_start(server, int(sys.argv[1]))
    if not lib.IedServer_isRunning(server):
        sys.exit("it does not listen")
    print("serves", flush=True)
    for _ in sys.stdin:
        times = os.times()
        print(times.user + times.system, flush=True)
    os._exit(0)


main()
