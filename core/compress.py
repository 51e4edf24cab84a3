"""Text goes out packed: style sheets and scripts to everybody, pages to visitors who are not signed in.

Pages of signed-in people stay unpacked: they hold a form token, and whoever can see how long a packed page is and put
words into its address could guess the token from its length (BREACH)."""

import gzip
from functools import lru_cache

from flask import request
from flask.wrappers import Response

from core.access import visitor

TEXTS = {"text/html", "text/css", "text/javascript", "application/javascript", "image/svg+xml", "application/json"}
LEAST = 1000  # bytes; below this packing gains nothing


def squeeze(answer: Response) -> Response:
    """For `after_request`. Says in `Vary` that the answer depends on what the browser can unpack."""
    fixed = request.endpoint == "static"
    if answer.status_code != 200 or answer.mimetype not in TEXTS or "Content-Encoding" in answer.headers:
        return answer
    answer.vary.add("Accept-Encoding")
    if not request.accept_encodings["gzip"] or not (fixed or not visitor().signed_in):
        return answer
    answer.direct_passthrough = False
    plain = answer.get_data()
    if len(plain) < LEAST:
        return answer
    answer.set_data(_packed(plain) if fixed else gzip.compress(plain, 4, mtime=0))
    answer.headers["Content-Encoding"] = "gzip"
    tag, _ = answer.get_etag()
    if tag:
        answer.set_etag(tag, weak=True)  # the same thing in other bytes
    return answer


@lru_cache(maxsize=64)
def _packed(plain: bytes) -> bytes:
    """The few files of static/ are packed once."""
    return gzip.compress(plain, 9, mtime=0)
