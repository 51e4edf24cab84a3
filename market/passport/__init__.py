"""One label for life: what it opens (the item passport), and printing it and price tags."""
