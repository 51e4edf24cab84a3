"""`python -m privacy.station`: on a bench, without the server."""

import sys

from privacy.station.cli import main

sys.exit(main())
