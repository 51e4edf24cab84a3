"""The wiping bench's own tool: it asks one device who it is and what it says of its last sanitize, and signs what it heard.

It only ever reads. What it writes is read by privacy.evidence.readers.station."""
