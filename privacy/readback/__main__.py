"""`python -m privacy.readback`: on a bench, without the server."""

import sys

from privacy.readback.cli import main

sys.exit(main())
