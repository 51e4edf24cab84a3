"""Read-back: read a medium again after its wipe, say what is on it, and how much that proves.

The bench side (`python -m privacy.readback`) needs neither the server nor its framework; models, actions and views are
the server's side: which stations may sign."""
