"""A line to a meter for Gurux for Python over TCP: what is asked, and what comes for it, block after block."""

import json
import socket

from gurux_dlms import GXByteBuffer, GXReplyData
from gurux_dlms.GXDLMSException import GXDLMSException


def flat(requests):
    """Of blocks Gurux makes a list in a list, and of what needs no request nothing."""
    if isinstance(requests, list):
        for one in requests:
            yield from flat(one)
    elif requests:
        yield requests


class Line:
    def __init__(self, client, port):
        self.client = client
        self.socket = socket.create_connection(("127.0.0.1", port), 10)

    def exchange(self, request, reply):
        """One message, and what comes for it. Raises what the meter refuses."""
        self.socket.sendall(bytes(request))
        received = bytearray()
        while True:
            more = self.socket.recv(65536)
            if not more:
                raise EOFError("the meter has hung up")
            received += more
            if self.client.getData(GXByteBuffer(received), reply, GXReplyData()):
                break
        if reply.error:
            raise GXDLMSException(reply.error)

    def ask(self, requests, reply=None):
        reply = GXReplyData() if reply is None else reply
        for one in flat(requests):
            reply.clear()
            self.exchange(one, reply)
            while reply.isMoreData():
                self.exchange(self.client.receiverReady(reply), reply)
        return reply


def say(what, value):
    """A line of JSON."""
    print(json.dumps([what, value], default=str), flush=True)
