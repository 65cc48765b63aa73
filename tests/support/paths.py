"""Where the tests find things."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
CONFIG = ROOT / "config"
SHARED = ROOT.parent / "shared"
