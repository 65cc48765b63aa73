"""Where the tests find things."""

import os
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
CONFIG = ROOT / "config"
SHARED = Path(os.environ.get("TOCSIN_SHARED", ROOT.parent / "shared"))
