#!/usr/bin/env python3
"""Reduces Google's description of Drive v3 to facts: which members and parameters there are, and of what type.

Needs google-api-python-client from PyPI, which carries the description (tests/peers/run installs it).

    discovery.py            writes tests/fixtures/drive-v3.json
    discovery.py --check    tells whether that file is what this script would write
"""

import json
import sys
from importlib import metadata
from pathlib import Path

import googleapiclient

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures/drive-v3.json"
DOCUMENT = Path(googleapiclient.__file__).parent / "discovery_cache/documents/drive.v3.json"
PACKAGE = "google-api-python-client"
SCHEMA_FACTS = ["type", "format", "$ref", "enum"]
PARAMETER_FACTS = ["type", "format", "minimum", "maximum", "required", "repeated", "enum"]


def schema(described):
    """Type, format, members and entries of a schema, without its prose."""
    facts = {name: described[name] for name in SCHEMA_FACTS if name in described}
    if "items" in described:
        facts["items"] = schema(described["items"])
    if "additionalProperties" in described:
        facts["additionalProperties"] = schema(described["additionalProperties"])
    if "properties" in described:
        facts["properties"] = {name: schema(member) for name, member in sorted(described["properties"].items())}
    return facts


def parameters(described):
    """The parameters by name, each with its facts."""
    pick = lambda facts: {name: facts[name] for name in PARAMETER_FACTS if name in facts}
    return {name: pick(facts) for name, facts in sorted(described.items())}


def methods(resources):
    """All methods by id, those of resources within resources too."""
    found = {}
    for resource in resources.values():
        for method in resource.get("methods", {}).values():
            facts = {"verb": method["httpMethod"], "path": method["path"]}
            facts["parameters"] = parameters(method.get("parameters", {}))
            for body in ("request", "response"):
                if body in method:
                    facts[body] = method[body]["$ref"]
            found[method["id"]] = facts
        found |= methods(resource.get("resources", {}))
    return dict(sorted(found.items()))


def fixture():
    """The text of the fixture."""
    document = json.loads(DOCUMENT.read_text(encoding="utf-8"))
    facts = {
        "header": {
            "what": "Facts of the discovery document of Google Drive v3. Made by tests/peers/discovery.py.",
            "origin": f"PyPI {PACKAGE}, googleapiclient/discovery_cache/documents/drive.v3.json",
            "revision": document["revision"],
        },
        "parameters": parameters(document["parameters"]),
        "methods": methods(document["resources"]),
        "schemas": {name: schema(described) for name, described in sorted(document["schemas"].items())},
    }
    return "\n".join(lines(facts)) + "\n"


def lines(facts):
    """JSON with one line for each method and schema, so that a new revision gives a readable difference."""
    compact = lambda value: json.dumps(value, separators=(",", ":"))
    yield "{"
    for number, (part, entries) in enumerate(facts.items()):
        yield f'"{part}": {{'
        rows = [f'"{name}":{compact(value)}' for name, value in entries.items()]
        yield ",\n".join(rows)
        yield "}" if number == len(facts) - 1 else "},"
    yield "}"


def main():
    wanted = fixture()
    if sys.argv[1:] == ["--check"]:
        same = FIXTURE.read_text(encoding="utf-8") == wanted
        version = metadata.version(PACKAGE)
        if not same:
            print(f"discovery: {FIXTURE.name} is not what {PACKAGE} {version} says", file=sys.stderr)
        print(f"discovery: {int(same)} passed, {int(not same)} failed")
        sys.exit(0 if same else 1)
    FIXTURE.write_text(wanted, encoding="utf-8")
    print(f"{len(wanted):8} {FIXTURE.name}")


if __name__ == "__main__":
    main()
