"""Pages of what people look at because the figures say so."""

from market.oversight.views import flags, signals, tax

PAGES = (flags, signals, tax)
