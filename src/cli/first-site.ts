/** The site file that `polyphase init` writes: one meter that runs as it is, and what else could stand there. */

export function firstSite(file: string): string {
  return `# A site: meters, what they measure, where they answer. All keys: docs/site-file.md
#
#   npx polyphase check ${file}    says what is wrong with it, and what would run
#   npx polyphase up ${file}       runs it until Ctrl-C

# The page and the HTTP API, at http://127.0.0.1:8080/. None without this key.
web: { port: 8080 }

# Where the meters keep what they know: a folder beside this file, of its name, unless another is said. ":memory:" forgets.
# store: ./data

# A clock of the site's own, here a minute of it every second. The real time without this key.
# clock: { start: 2026-01-01T00:00:00Z, speed: 60 }

meters:
  - name: feeder-1                        # letters, digits, dots, dashes
    model: leviton-s4100                  # npx polyphase models lists them

    # What it measures: synthetic, recording or live. Volts are line to neutral, volts and amps are primary values;
    # one number stands for all phases, a list for each.
    source:
      synthetic:
        hz: 60
        volts: [276.1, 277.4, 278.2]
        amps: [81.3, 74.9, 90.6]
        pf: [0.93, 0.91, 0.95]
        # What the amps are multiplied by over the day.
        load: { "00:00": 0.55, "09:00": 1, "18:00": 0.8 }
        events:
          - { kind: sag, at: 90, for: 0.3, every: 300, phases: [b], volts: 0.72 }
    # source: { recording: { file: event.cfg, map: { va: VA, vb: VB, vc: VC, ia: IA, ib: IB, ic: IC }, loop: true } }
    # source: { live: {} }                # readings that a program pushes in over HTTP

    # How it is set up: wye, 100 A transformers, 480 V. Each model has its own settings.
    settings: { systemType: 40, ctPrimary: 100, systemVoltage: 480 }

    # Where it answers. Meters may share a port: each has a unit of its own there.
    listen:
      - { modbus: tcp, port: 1502, unit: 1 }
      # - { modbus: rtu, device: /dev/ttyUSB0, baud: 19200, unit: 1 }

  # Another one, on the same port; without "# " it is there.
  # - name: feeder-2
  #   model: eastron-sdm630
  #   source: { synthetic: { volts: 230, amps: 10 } }
  #   listen: [{ modbus: tcp, port: 1502, unit: 2 }]
`;
}
