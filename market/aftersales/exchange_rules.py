"""What a seller can give in exchange. Pure.

Source: Consumer Protection Law 24: exchange of what isn't as agreed [read]. What is given instead passes the same gate as a sale:
its seller's own, on sale, free, and a device with a wipe clearance that stands now."""


def fault(*, mine: bool, same: bool, state: str, cleared: bool, drawn: bool) -> str:
    """A code why this can't be given instead, "" when it can. `state`: of its listing; `cleared`: it needs no clearance or has
    one that stands; `drawn`: a third person checks its wipe once more."""
    if not mine:
        return "not_yours_to_give"
    if same:
        return "same_thing"
    if state in ("sold", "reserved"):
        return f"is_{state}"
    if not cleared:
        return "not_cleared"
    if state != "published":
        return "not_on_sale"
    return "is_drawn" if drawn else ""
