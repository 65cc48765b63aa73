"""Tries every rule on its own examples: what should ring must ring, and what should not must stay silent."""

from worker.articles.model import Document
from worker.triggers.detect import Detector
from worker.triggers.lexicon import Example, Lexicon, TriggerFile
from worker.triggers.model import Detection


def lint(lexicon: Lexicon) -> list[str]:
    """One sentence for each example that fails, naming the trigger, the text and what came instead."""
    detector = Detector(lexicon)
    return [finding for file in lexicon.triggers for finding in _findings(detector, file)]


def findings(lexicon: Lexicon, file: TriggerFile) -> list[str]:
    """The same for one file of the lexicon."""
    return _findings(Detector(lexicon), file)


def _findings(detector: Detector, file: TriggerFile) -> list[str]:
    failed = []
    for example in file.examples:
        found = _found(detector, file.trigger, example)
        if not found:
            failed.append(f"{file.trigger}: should ring and does not: {example.text!r}")
        elif not any(d.phase == example.phase and d.veracity == example.veracity for d in found):
            said = ", ".join(f"{d.phase} {d.veracity}" for d in found)
            wanted = f"{example.phase} {example.veracity}"
            failed.append(f"{file.trigger}: should be {wanted} and is {said}: {example.text!r}")
    rang = [(e, _found(detector, file.trigger, e)) for e in file.counter_examples]
    silent = f"{file.trigger}: should stay silent and rings by"
    return failed + [f"{silent} {found[0].rule!r}: {example.text!r}" for example, found in rang if found]


def _found(detector: Detector, trigger: str, example: Example) -> list[Detection]:
    (detections,) = detector.detect([Document(title=example.text, lang=example.lang)])
    return [d for d in detections if d.trigger == trigger]
