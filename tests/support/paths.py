"""Where the tests find things."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SEEDS = ROOT / "seeds"
CONFIG = ROOT / "config"
SHARED = ROOT.parent / "shared"


def configured(folder: Path) -> Path:
    """The folder as a configuration of its own: no feeds, and our triggers and severities."""
    folder.mkdir(exist_ok=True)
    (folder / "feeds.yaml").write_text("feeds: []\n")
    for name in ("triggers", "severity.yaml"):
        if not (folder / name).exists():
            (folder / name).symlink_to(CONFIG / name)
    return folder
