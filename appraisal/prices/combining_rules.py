"""Two estimates of one thing, weighed by how well each is known."""

OWN_WAY = 0.02  # no formula is better than this: the log share by which a model may go its own way


def combine(effect: float, variance: float, middle: float | None, its_variance: float) -> float:
    """The mean of a shrunk effect and the comparables' middle, each by the inverse of its variance.

    The first is never taken for better known than two percent. `middle` None: there are no comparables.
    """
    if middle is None:
        return effect
    one, other = 1 / (variance + OWN_WAY**2), 1 / max(its_variance, 1e-12)
    return (one * effect + other * middle) / (one + other)
