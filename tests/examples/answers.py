"""What to do after a close code, from codes.json alone, and a check of that by the vectors of every table.

    python3 answers.py generated/codes.json discord/v10/gateway-close-codes 4014
"""

import json
import sys


def policy_for(reconnect, code):
    """The policy after the connection ended: with a close code, or with None."""
    if code is None:
        return reconnect["absent"]
    return next((one["policy"] for one in reconnect["answers"] if one["from"] <= code <= one["to"]), reconnect["unknown"])


with open(sys.argv[1], encoding="utf-8") as file:
    editions = json.load(file)["editions"]
tables = {f"{one['system']}/{one['edition']}/{table['table']}": table for one in editions for table in one["tables"]}
for path, table in tables.items():
    for vector in table.get("reconnect", {}).get("vectors", []):
        found = policy_for(table["reconnect"], vector["code"])["action"]
        assert found == vector["action"], f"{path} {vector['code']}: {found} instead of {vector['action']}"

if len(sys.argv) > 2:
    reconnect = tables[sys.argv[2]]["reconnect"]
    codes = [int(code) for code in sys.argv[3:]] or [None, *range(65536)]
    print("\n".join(policy_for(reconnect, code)["action"] for code in codes))
