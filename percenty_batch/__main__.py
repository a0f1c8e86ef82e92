"""`python -m percenty_batch`."""

import sys

from percenty_batch.cli import main

sys.exit(main())
