"""An outstation of opendnp3 (by yadnp3) with 300 points of each kind; the argument is its port."""

import sys

import opendnp3


class Commands(opendnp3.ICommandHandler):
    def Begin(self):
        pass

    def End(self):
        pass


class Application(opendnp3.IOutstationApplication):
    pass


def main():
    port = int(sys.argv[1])
    manager = opendnp3.DNP3Manager(1)
    nothing = opendnp3.LogLevels.none()
    endpoint = opendnp3.IPEndpoint("127.0.0.1", port)
    accept = opendnp3.ServerAcceptMode.CloseExisting
    channel = manager.AddTCPServer("server", nothing, accept, endpoint, None)
    config = opendnp3.OutstationStackConfig(opendnp3.DatabaseConfig(300))
    config.link.LocalAddr = 1
    config.link.RemoteAddr = 100
    config.outstation.params.maxTxFragSize = 2048
    commands, application = Commands(), Application()
    outstation = channel.AddOutstation("outstation", commands, application, config)
    builder = opendnp3.UpdateBuilder()
    for k in range(300):
        builder.Update(opendnp3.Analog(1000.0 * k, opendnp3.Flags(1)), k)
    for k in range(300):
        builder.Update(opendnp3.Counter(1000 * k, opendnp3.Flags(1)), k)
    outstation.Apply(builder.Build())
    outstation.Enable()
    print("serves", flush=True)
    sys.stdin.read()


main()
