"""Known weaknesses of the locked packages; skipped, with the reason, where nobody can be asked."""

from __future__ import annotations

import json
import subprocess
import sys

LOCKS = ("requirements-run.lock", "requirements.lock")


def main() -> int:
    """0 where none is known or nobody can be asked, else 1."""
    command = [sys.executable, "-m", "pip_audit", "--format=json", "--progress-spinner=off"]
    command += ["--disable-pip", "--require-hashes", *(f"--requirement={lock}" for lock in LOCKS)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=120)
    except subprocess.TimeoutExpired:
        print("audit skipped: no answer in time")
        return 0
    try:
        audited = json.loads(done.stdout)["dependencies"]
    except (ValueError, KeyError, TypeError):
        reason = (done.stderr.strip() or "no answer").splitlines()[-1]
        print(f"audit skipped: {reason}")
        return 0
    weak = [one for one in audited if one.get("vulns")]
    for one in weak:
        names = ", ".join(fault["id"] for fault in one["vulns"])
        print(f"{one['name']} {one['version']}: {names}")
    print(f"audit: {len(audited)} packages, {len(weak)} with known weaknesses")
    return 1 if weak else 0


if __name__ == "__main__":
    sys.exit(main())
