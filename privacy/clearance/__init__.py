"""The permit to list: which proof suffices, its end, and the certificate."""
