"""Gurux for Python reads all objects of a meter through the wrapper over TCP: PORT. Prints a line for each attribute: class, name, attribute, value."""
import sys
from gurux_dlms import GXDLMSClient
from gurux_dlms.GXDLMSException import GXDLMSException
from gurux_dlms.enums import Authentication, InterfaceType, ObjectType
from gurux_line import Line

client = GXDLMSClient(True, 16, 1, Authentication.NONE, None, InterfaceType.WRAPPER)
ask = Line(client, int(sys.argv[1])).ask


def words(value):
    if isinstance(value, (bytes, bytearray)):
        return bytes(value).hex()
    if isinstance(value, (list, tuple)):
        return "[%s]" % ", ".join(words(one) for one in value)
    return str(value).replace("\n", " ")


client.parseAareResponse(ask(client.aarqRequest()).data)
objects = client.parseObjects(ask(client.getObjectsRequest()).data, True)
for one in objects:
    attributes = list(range(2, one.getAttributeCount() + 1))
    # Rows are read by their columns.
    if one.objectType == ObjectType.PROFILE_GENERIC:
        attributes[:2] = [3, 2]
    for attribute in attributes:
        at = "%d %s %d" % (int(one.objectType), one.logicalName, attribute)
        try:
            reply = ask(client.read(one, attribute))
            client.updateValue(one, attribute, reply.value)
            print(at, "=", words(one.getValues()[attribute - 1]))
        except GXDLMSException as error:
            print(at, "error", error.errorCode)
        except Exception as error:  # Whatever it is, it is a finding.
            print(at, "FAILED", type(error).__name__, error)
