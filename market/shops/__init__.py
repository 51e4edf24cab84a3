"""Shops: their points, rules, licences and permits, and how they end. Knows nothing of listings: what is on sale asks here."""
