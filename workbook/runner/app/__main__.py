"""`python -m workbook.runner.app FOLDER --port N`."""

import sys

from workbook.runner.app.server import main

sys.exit(main())
