"""What open61850 reads in an SCL file, as JSON: scl-open61850.py FILE."""

import json
import sys

from open61850.scl import load_ieds, load_model

ied = load_ieds(sys.argv[1])[0]
model = load_model(sys.argv[1], ied.name)
json.dump(
    {
        "name": ied.name,
        "manufacturer": ied.manufacturer,
        "addresses": ied.addresses,
        "sets": {f"{s.domain}/{s.ln}${s.name}": [str(r) for r in s.references()] for s in ied.data_sets},
        "reports": [[r.name, r.buffered, r.max_instances, r.indexed, r.dat_set] for r in ied.report_controls],
        "gooses": [
            [g.domain, g.name, g.dat_set, g.conf_rev, g.go_id, g.address and g.address.mac, g.address and g.address.app_id]
            for g in ied.goose_controls
        ],
        "items": {
            f"{domain}/{name}": node.items
            for domain, device in model.logical_devices.items()
            for name, node in device.logical_nodes.items()
        },
    },
    sys.stdout,
)
