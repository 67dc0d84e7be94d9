"""``python -m tests.audit``: known vulnerabilities of the pinned packages, where advisories can be had."""

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
SECONDS = 120


def main() -> int:
    """Print what is known of the pinned packages; 1 where any has a vulnerability, else 0."""
    try:
        done = subprocess.run([sys.executable, "-m", "pip_audit", "--disable-pip", "--no-deps", "--format", "json",
                               "--progress-spinner", "off", "-r", "requirements.txt"], cwd=ROOT, capture_output=True,
                              text=True, timeout=SECONDS, check=False)
        packages: list[dict[str, Any]] = json.loads(done.stdout)["dependencies"]
    except (subprocess.TimeoutExpired, ValueError, KeyError):
        print("No package is audited: the advisories cannot be had here.")
        return 0
    audited = [package for package in packages if "vulns" in package]
    if not audited:
        print("No package is audited: the advisories cannot be had here.")
        return 0
    faulty = [package for package in audited if package["vulns"]]
    for package in faulty:
        known = ", ".join(f"{one['id']} (mended in {' or '.join(one['fix_versions']) or 'no version yet'})"
                          for one in package["vulns"])
        print(f"{package['name']} {package['version']}: {known}")
    print(f"{len(audited)} of {len(packages)} packages audited, {len(faulty)} with a known vulnerability.")
    return int(bool(faulty))


if __name__ == "__main__":
    sys.exit(main())
