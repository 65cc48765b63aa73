"""``config/severity.yaml``, read strictly (edge)."""

from pathlib import Path

import msgspec
import yaml

from worker.alerts.severity import Scale
from worker.errors import CatalogueError
from worker.triggers.model import FAMILIES


def load(path: Path) -> Scale:
    """The table of severities; raises CatalogueError, which names the file and what is wrong with it."""
    try:
        scale = msgspec.convert(yaml.safe_load(path.read_bytes()[:100_000]), Scale)
    except OSError as error:
        raise CatalogueError(f"{path}: cannot be read: {error.strerror}") from error
    except (yaml.YAMLError, ValueError, RecursionError) as error:  # msgspec's ValidationError is a ValueError
        raise CatalogueError(f"{path}: {error}") from error
    for name in FAMILIES.keys() ^ scale.triggers.keys():
        raise CatalogueError(f"{path}: triggers: {name} is {'missing' if name in FAMILIES else 'no trigger'}")
    for name in set(scale.local) - FAMILIES.keys():
        raise CatalogueError(f"{path}: local: {name} is no trigger")
    return scale
