"""``python -m tools.sbom``: write sbom.cdx.json, what the wheel holds and needs, as CycloneDX.

Versions of dependencies are bounds: what is installed beside the kit, the installer decides.
"""

import json
import sys
import tomllib
from pathlib import Path
from typing import Any, Final

from packaging.requirements import Requirement

ROOT: Final = Path(__file__).resolve().parents[1]
FILE: Final = ROOT / "sbom.cdx.json"
LICENCES: Final = {
    "cryptography": "Apache-2.0 OR BSD-3-Clause",
    "defusedxml": "PSF-2.0",
    "distributed": "BSD-3-Clause",
    "httptools": "MIT",
    "hypothesis": "MPL-2.0",
    "jsonschema": "MIT",
    "msgspec": "BSD-3-Clause",
    "requests": "Apache-2.0",
    "rich": "MIT",
    "segno": "BSD-3-Clause",
    "urllib3": "MIT",
    "uvloop": "MIT OR Apache-2.0",
    "zstandard": "BSD-3-Clause",
}
"""The licence of each dependency, as its own metadata says; a new one must be looked up."""


def sbom() -> str:
    """Return the bill of materials as text."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    version = (ROOT / "reference_impl/alipay_qr/_version.py").read_text("utf-8").split('"')[-2]
    own = f"pkg:pypi/{project['name']}@{version}"
    needed = [(each, "required") for each in project["dependencies"]]
    needed += [(each, "optional") for rows in project["optional-dependencies"].values() for each in rows]
    parts = [_component(Requirement(text), scope) for text, scope in needed]
    made: dict[str, Any] = {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {
            "component": {
                "type": "application", "bom-ref": own, "name": project["name"], "version": version,
                "purl": own, "licenses": [{"expression": project["license"]}],
            }
        },
        "components": parts,
        "dependencies": [{"ref": own, "dependsOn": [each["bom-ref"] for each in parts]}],
    }  # fmt: skip
    return json.dumps(made, indent=1) + "\n"


def _component(needed: Requirement, scope: str) -> dict[str, Any]:
    purl = f"pkg:pypi/{needed.name}"
    bounds = {"name": "bounds", "value": str(needed.specifier)}
    return {
        "type": "library", "bom-ref": purl, "name": needed.name, "purl": purl, "scope": scope,
        "licenses": [{"expression": LICENCES[needed.name]}], "properties": [bounds],
    }  # fmt: skip


def main() -> int:
    """Write the file."""
    FILE.write_text(sbom(), "utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
