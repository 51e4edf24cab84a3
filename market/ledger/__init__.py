"""The ledger: accounts, entries, postings; double entry, balanced, append-only."""
