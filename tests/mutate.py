"""`make mutate`: mutmut on every rules.py; prints what survived and fails under 90 % killed.

mutmut works on a copy in `mutants/`; each pure module is run against its own tests only, which keeps it to minutes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
FEES = "tests/market/ledger/fees/engine"
RULES = {
    "core/goods/rules.py": "tests/core/goods",
    "core/people/rules.py": "tests/core/people/test_rules.py",
    "privacy/clearance/grade.py": "tests/privacy/clearance",
    "privacy/clearance/identity_rules.py": "tests/privacy/clearance",
    "privacy/clearance/rules.py": "tests/privacy/clearance",
    "privacy/clearance/verdict.py": "tests/privacy/clearance",
    "privacy/clearance/wipe_rules.py": "tests/privacy/clearance",
    "privacy/clearance/checklist_rules.py": "tests/privacy/checklists/test_rules.py",
    "privacy/clearance/declaration_rules.py": "tests/privacy/checklists/test_rules.py",
    "privacy/wipes/rules.py": "tests/privacy",
    "privacy/devices/rules.py": "tests/privacy/devices/test_rules.py",
    "privacy/booking/rules.py": "tests/privacy/booking/test_rules.py",
    "privacy/looks/rules.py": "tests/privacy/looks",
    "privacy/sampling/rules.py": "tests/privacy/sampling",
    "appraisal/grades/rules.py": "tests/appraisal",
    "market/listings/restricted_rules.py": "tests/market/listings/test_restricted_rules.py",
    "market/orders/rules.py": "tests/market/orders",
    "market/ledger/fees/amount_rules.py": FEES,
    "market/ledger/fees/matching_rules.py": FEES,
    "market/ledger/fees/rounding_rules.py": FEES,
    "market/ledger/fees/rules.py": FEES,
    "market/ledger/fees/simulating_rules.py": FEES,
    "market/ledger/fees/trace_rules.py": FEES,
}
LEAST = 0.90


def mutate(module: str, tests: str) -> tuple[int, int]:
    """(killed, all) of one module."""
    config = ROOT / "setup.cfg"
    config.write_text(
        f"[mutmut]\npaths_to_mutate={module}\ntests_dir={tests}\n"
        "also_copy=\n  core\n  privacy\n  appraisal\n  market\n  app.py\n  templates\n  static\n  translations\n  migrations\n"
        "  docs\n  tests\n  pyproject.toml\n",
        encoding="utf-8",
    )
    try:
        shutil.rmtree(ROOT / "mutants", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "mutmut", "run"], cwd=ROOT, check=False, capture_output=True)
        said = subprocess.run(
            [sys.executable, "-m", "mutmut", "results", "--all", "true"], cwd=ROOT, check=False, capture_output=True, text=True
        ).stdout
    finally:
        config.unlink()
    results = re.findall(r": (killed|survived|timeout|no tests|suspicious|segfault)", said)
    for line in said.splitlines():
        if "survived" in line or "no tests" in line:
            print("   ", line.strip())
    return sum(one in ("killed", "timeout") for one in results), len(results)


def main() -> int:
    killed = total = 0
    for module, tests in RULES.items():
        if not (ROOT / tests).exists():
            print(f"{module}: no tests at {tests}")
            return 1
        dead, found = mutate(module, tests)
        killed, total = killed + dead, total + found
        print(f"{module}: {dead} of {found} killed", flush=True)
    print(f"{killed} of {total} killed ({100 * killed // max(total, 1)} %)")
    return 0 if total and killed / total >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
