"""A server of libiec61850 (by pyiec61850-ng), whose values and outputs are told and asked line by line on its input.

Arguments: the port, and the folder of its files. Lines: "set REFERENCE VALUE" of a float, a whole number or a boolean;
"quality REFERENCE BITS" of a q;
"many COUNT MS" changes all energies so often; "end".
"""

import os
import sys
import time

import pyiec61850.pyiec61850 as lib

port, folder = int(sys.argv[1]), sys.argv[2]
model = lib.IedModel_create("JEM01")
device = lib.LogicalDevice_create("MTR", model)
ln0 = lib.LogicalNode_create("LLN0", device)


def child(node):
    return lib.toModelNode(node)


lib.CDC_ENS_create("Mod", child(ln0), 0)
lib.CDC_ENS_create("Health", child(ln0), 0)
lib.CDC_LPL_create("NamPlt", child(ln0), 0)
mmxu = lib.LogicalNode_create("MMXU1", device)
lib.CDC_MV_create("TotW", child(mmxu), lib.CDC_OPTION_INST_MAG | lib.CDC_OPTION_UNIT, False)
lib.CDC_MV_create("Hz", child(mmxu), 0, False)
lib.CDC_WYE_create("PhV", child(mmxu), 0)
mmtr = lib.LogicalNode_create("MMTR1", device)
for name in ("TotWh", "SupWh", "DmdWh"):
    lib.CDC_BCR_create(name, child(mmtr), 0)
ggio = lib.LogicalNode_create("GGIO1", device)
for k in range(1, 4):
    lib.CDC_SPS_create("Ind%d" % k, child(ggio), 0)
models = {
    "SPCSO1": lib.CDC_CTL_MODEL_DIRECT_NORMAL,
    "SPCSO2": lib.CDC_CTL_MODEL_SBO_NORMAL | lib.CDC_CTL_MODEL_HAS_CANCEL,
    "SPCSO3": lib.CDC_CTL_MODEL_DIRECT_ENHANCED,
    "SPCSO4": lib.CDC_CTL_MODEL_SBO_ENHANCED | lib.CDC_CTL_MODEL_HAS_CANCEL,
    "SPCSO5": lib.CDC_CTL_MODEL_NONE,
}
for name, how in models.items():
    lib.CDC_SPC_create(name, child(ggio), 0, how | lib.CDC_CTL_OPTION_ORIGIN | lib.CDC_CTL_OPTION_CTL_NUM)
energy = lib.DataSet_create("Energy", ln0)
for name in ("TotWh", "SupWh", "DmdWh"):
    lib.DataSetEntry_create(energy, "MMTR1$ST$%s" % name, -1, None)
io = lib.DataSet_create("IO", ln0)
for k in range(1, 4):
    lib.DataSetEntry_create(io, "GGIO1$ST$Ind%d" % k, -1, None)
changes = lib.TRG_OPT_DATA_CHANGED | lib.TRG_OPT_GI | lib.TRG_OPT_INTEGRITY
all_fields = 0x7F | lib.RPT_OPT_CONF_REV
for k in (1, 2):
    lib.ReportControlBlock_create("urcbEnergy0%d" % k, ln0, None, False, "Energy", 1, changes, all_fields, 50, 0)
    lib.ReportControlBlock_create("brcbIO0%d" % k, ln0, None, True, "IO", 1, changes, all_fields, 0, 0)

server = lib.IedServer_create(model)
lib.IedServer_setServerIdentity(server, "libiec61850", "peer", "1.6")
lib.IedServer_setFilestoreBasepath(server, folder)


def attribute(reference):
    node = lib.IedModel_getModelNodeByObjectReference(model, "JEM01" + reference)
    return lib.toDataAttribute(node)


class Operated(lib.ControlHandlerForPython):
    def __init__(self, name):
        lib.ControlHandlerForPython.__init__(self)
        self.name = name

    def trigger(self):
        on = lib.MmsValue_getBoolean(self._libiec61850_mms_value)
        if not self._libiec61850_test:
            lib.IedServer_updateBooleanAttributeValue(server, attribute("MTR/GGIO1.%s.stVal" % self.name), on)
        print("operated %s %s%s" % (self.name, on, " test" if self._libiec61850_test else ""), flush=True)
        self._libiec61850_control_handler_result = lib.CONTROL_RESULT_OK
        return 0


kept = []
for name in list(models)[:4]:
    subscriber, handler = lib.ControlSubscriberForPython(), Operated(name)
    subscriber.setIedServer(server)
    subscriber.setControlObject(lib.toDataObject(lib.IedModel_getModelNodeByObjectReference(model, "JEM01MTR/GGIO1.%s" % name)))
    subscriber.setControlHandler(handler)
    subscriber.subscribe()
    kept.append((subscriber, handler))

lib.IedServer_start(server, port)
if not lib.IedServer_isRunning(server):
    sys.exit("it does not listen on port %d" % port)


def put(reference, text):
    lib.IedServer_lockDataModel(server)
    if text in ("on", "off"):
        lib.IedServer_updateBooleanAttributeValue(server, attribute(reference), text == "on")
    elif "." in text:
        lib.IedServer_updateFloatAttributeValue(server, attribute(reference), float(text))
    else:
        lib.IedServer_updateInt64AttributeValue(server, attribute(reference), int(text))
    lib.IedServer_unlockDataModel(server)


print("listening", flush=True)
for line in sys.stdin:
    words = line.split()
    if words[0] == "end":
        break
    if words[0] == "set":
        put(words[1], words[2])
    if words[0] == "quality":
        lib.IedServer_updateQuality(server, attribute(words[1]), int(words[2]))
    if words[0] == "many":
        for k in range(int(words[1])):
            put("MTR/MMTR1.TotWh.actVal", str(1000 + k))
            time.sleep(float(words[2]) / 1000)
    print("done", flush=True)
lib.IedServer_stop(server)
# What the interpreter would take down behind it, the library still holds.
os._exit(0)
