"""`make mutate`: mutmut on every rules module; prints what survived and fails under 90 % killed.

mutmut works on a copy in `mutants/`; each pure module is run against its own tests only, which keeps it to minutes.
`python tests/mutate.py orders/rules.py --one-by-one` looks at the modules whose path contains these words, one process at a time."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
AWAY = "tests/market/listings/test_away.py"
AGREEMENTS = "tests/market/channels/consignment/agreements/rules"
IMPORTING = "tests/market/channels/consignment/importing/test_rules.py"
FEES = "tests/market/ledger/fees/engine"
CLEARANCE = "tests/privacy/clearance/test_rules.py"
PRICES = "tests/appraisal/prices/test_small_rules.py"
MISSED = " ".join(f"tests/market/aftersales/missed/test_{one}.py" for one in ("missed_rules", "when", "lost", "arrived"))
VERSIONS = "tests/appraisal/versions/test_rules.py"
DRAW = "tests/privacy/sampling/test_rules.py"
# module -> the tests that are run against its mutants: the narrowest that say all about it, one or more paths
RULES = {
    "market/passport/rules.py": "tests/market/passport/test_rules.py",
    "core/goods/rules.py": "tests/core/goods",
    "core/people/notice_rules.py": "tests/core/people/test_notice_rules.py",
    "core/slot_rules.py": "tests/core/test_slot_rules.py",
    "core/people/rules.py": "tests/core/people/test_rules.py",
    "core/queue/rules.py": "tests/core/queue/test_rules.py",
    "privacy/clearance/corrections/rules.py": "tests/privacy/clearance/test_correction_rules.py",
    "privacy/clearance/grade.py": "tests/privacy/clearance/test_grade.py",
    "privacy/clearance/identity_rules.py": CLEARANCE,
    "privacy/clearance/rules.py": CLEARANCE,
    "privacy/clearance/verdict.py": CLEARANCE,
    "privacy/clearance/wipe_rules.py": CLEARANCE,
    "privacy/clearance/checklist_rules.py": "tests/privacy/checklists/test_rules.py",
    "privacy/clearance/declaration_rules.py": "tests/privacy/checklists/test_rules.py",
    "privacy/wipes/rules.py": "tests/privacy/test_wipe_rules.py",
    "privacy/devices/rules.py": "tests/privacy/devices/test_rules.py",
    "privacy/booking/rules.py": "tests/privacy/booking/test_rules.py",
    "privacy/looks/rules.py": "tests/privacy/looks/test_rules.py",
    "privacy/readback/station_rules.py": "tests/privacy/readback/test_station_rules.py",
    "privacy/sampling/rules.py": DRAW,
    "core/draw_rules.py": DRAW,
    "appraisal/agreement/rules.py": "tests/appraisal/agreement/test_rules.py",
    "appraisal/exam/rules.py": "tests/appraisal/exam/test_rules.py",
    "appraisal/appraisers/rules.py": "tests/appraisal/appraisers/test_rules.py",
    "appraisal/appeals/rules.py": "tests/appraisal/appeals/test_rules.py",
    "appraisal/identity/rules.py": "tests/appraisal/identity/test_rules.py",
    "appraisal/identity/list_rules.py": "tests/appraisal/identity/test_rules.py",
    "appraisal/blind/rules.py": "tests/appraisal/blind/test_rules.py",
    "appraisal/grades/report_rules.py": "tests/appraisal/grades/test_report_rules.py",
    "appraisal/grades/guide_rules.py": "tests/appraisal/grades/test_guide_rules.py",
    "appraisal/grades/unmade_rules.py": "tests/appraisal/grades/test_unmade.py",
    "appraisal/grades/photo_rules.py": "tests/appraisal/grades/test_guide_rules.py",
    "appraisal/grades/wipe_rules.py": "tests/appraisal/grades/test_photo_evidence.py",
    "core/twins/rules.py": "tests/core/test_picture_hash.py",
    "appraisal/grades/answer_rules.py": "tests/appraisal/grades/test_rule_stories.py tests/appraisal/grades/test_every_standard.py",
    "appraisal/grades/crossreference_rules.py": "tests/appraisal/grades/test_rule_stories.py",
    "appraisal/grades/effect_rules.py": "tests/appraisal/grades/test_rule_stories.py tests/appraisal/grades/test_every_standard.py",
    "appraisal/grades/law_rules.py": "tests/appraisal/grades/test_law_rules.py",
    "appraisal/versions/compare_rules.py": VERSIONS,
    "appraisal/versions/fit_rules.py": VERSIONS,
    "appraisal/versions/replay_rules.py": VERSIONS,
    "appraisal/prices/combining_rules.py": PRICES,
    "appraisal/prices/conformal_rules.py": PRICES,
    "appraisal/prices/cost_rules.py": PRICES,
    "appraisal/prices/defect_rules.py": PRICES,
    "appraisal/prices/chart_rules.py": "tests/appraisal/prices/test_guide_rules.py",
    "appraisal/prices/goods_rules.py": "tests/appraisal/prices/test_guide_rules.py",
    "appraisal/prices/waiting_rules.py": "tests/appraisal/prices/test_guide_rules.py",
    "appraisal/prices/guard_rules.py": PRICES,
    "appraisal/prices/median_rules.py": PRICES,
    "appraisal/prices/waterfall_rules.py": PRICES,
    "appraisal/grades/rules.py": "tests/appraisal/grades/test_laws.py tests/appraisal/grades/test_laptop_stories.py",
    "market/channels/appraisal/rules.py": "tests/market/channels/appraisal/test_rules.py",
    "market/channels/consignment/rules.py": "tests/market/channels/consignment/test_rules.py",
    "market/channels/consignment/agreements/filling_rules.py": AGREEMENTS,
    "market/channels/consignment/agreements/law_rules.py": AGREEMENTS,
    "market/channels/consignment/agreements/rules.py": AGREEMENTS,
    "market/channels/consignment/goods/rules.py": "tests/market/channels/consignment/goods/test_rules.py",
    "market/channels/consignment/importing/rules.py": IMPORTING,
    "market/channels/consignment/importing/table_rules.py": IMPORTING,
    "market/channels/consignment/agreements/signature_rules.py": AGREEMENTS,
    "market/channels/consignment/visits/calendar_rules.py": "tests/market/channels/consignment/visits/test_rules.py",
    "market/channels/consignment/visits/rules.py": "tests/market/channels/consignment/visits/test_rules.py",
    "market/aftersales/case_rules.py": "tests/market/aftersales/test_case_rules.py",
    "market/aftersales/exchange_rules.py": "tests/market/aftersales/test_exchange_rules.py",
    "market/aftersales/undelivered_rules.py": MISSED,
    "market/ledger/debt_rules.py": "tests/market/ledger/test_debt_rules.py",
    "market/ledger/fees/amount_rules.py": FEES,
    "market/ledger/fees/matching_rules.py": FEES,
    "market/ledger/fees/rounding_rules.py": FEES,
    "market/ledger/fees/rules.py": FEES,
    "market/ledger/fees/simulating_rules.py": FEES,
    "market/ledger/fees/trace_rules.py": FEES,
    "core/folding_rules.py": AWAY,
    "market/listings/away/listing_rules.py": "tests/market/listings/test_listing_rules.py",
    "market/listings/away/number_rules.py": AWAY,
    "market/listings/away/phrase_rules.py": AWAY,
    "market/listings/away/rules.py": AWAY,
    "market/listings/condition_rules.py": "tests/market/listings/test_condition_rules.py",
    "market/listings/restricted_rules.py": "tests/market/listings/test_restricted.py",
    "market/listings/terms_rules.py": "tests/market/listings/test_terms_rules.py",
    "market/listings/watching_rules.py": "tests/market/listings/test_watching_rules.py",
    "market/orders/getting_rules.py": "tests/market/orders/test_getting_rules.py",
    "market/orders/offer_rules.py": "tests/market/orders/test_offer_rules.py",
    "market/orders/order_rules.py": "tests/market/orders/test_order_rules.py",
    "market/orders/review_rules.py": "tests/market/orders/test_review_rules.py",
    "market/shops/rules.py": "tests/market/shops/test_rules.py",
    "market/shops/hours_rules.py": "tests/market/shops/test_hours_rules.py",
    "market/shops/void_rules.py": "tests/market/shops/test_void_rules.py",
    "market/orders/rules.py": "tests/market/orders/test_rules.py",
    "market/oversight/flag_rules.py": "tests/market/oversight/test_flag_rules.py",
    "market/oversight/signal_rules.py": "tests/market/oversight/test_signal_rules.py",
    "market/oversight/tax_rules.py": "tests/market/oversight/test_tax_rules.py",
    "market/payments/rules.py": "tests/market/payments/test_rules.py",
}
LEAST = 0.90


def mutate(module: str, tests: str, how: list[str]) -> tuple[int, int]:
    """(killed, all) of one module. `how`: options for mutmut."""
    config, listed = ROOT / "setup.cfg", "".join(f"\n  {one}" for one in tests.split())
    config.write_text(
        f"[mutmut]\npaths_to_mutate={module}\ntests_dir={listed}\n"
        "also_copy=\n  core\n  privacy\n  appraisal\n  market\n  app.py\n  templates\n  static\n  translations\n  migrations\n"
        "  docs\n  tests\n  pyproject.toml\n",
        encoding="utf-8",
    )
    try:
        shutil.rmtree(ROOT / "mutants", ignore_errors=True)
        subprocess.run([sys.executable, "-m", "mutmut", "run", *how], cwd=ROOT, check=False, capture_output=True)
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


def main(words: list[str]) -> int:
    how = ["--max-children", "1"] if "--one-by-one" in words else []
    wanted = [word for word in words if not word.startswith("--")]
    killed = total = 0
    for module, tests in RULES.items():
        if wanted and not any(word in module for word in wanted):
            continue
        if gone := [one for one in tests.split() if not (ROOT / one).exists()]:
            print(f"{module}: no tests at {', '.join(gone)}")
            return 1
        dead, found = mutate(module, tests, how)
        killed, total = killed + dead, total + found
        print(f"{module}: {dead} of {found} killed", flush=True)
    print(f"{killed} of {total} killed ({100 * killed // max(total, 1)} %)")
    return 0 if total and killed / total >= LEAST else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
